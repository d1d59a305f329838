import { expect, test } from 'vitest'
import { waitedForCpuMs } from '../../../src/cli/run/waited-for-cpu.ts'

test('a process that waits for a processor is told apart from one that is silent', () => {
  const waited = waitedForCpuMs(process.pid)

  expect(waited).toBeGreaterThanOrEqual(0)
  expect(waited).toBeLessThan(process.uptime() * 1_000 + 1_000)
})

test('of a process that is not there nothing is known', () => {
  expect([waitedForCpuMs(undefined), waitedForCpuMs(2 ** 30)]).toEqual([0, 0])
})
