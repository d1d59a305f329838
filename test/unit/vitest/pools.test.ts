import { expect, test } from 'vitest'
import { runSamples } from '../../support/vitest.ts'

const failedIn = async (pool: string) => {
  const { tests } = await runSamples('test/unit/vitest/samples/pools.ts', [`--pool=${pool}`])
  expect(tests.size).toBe(5)
  return [...tests].filter(([, { status }]) => status !== 'passed')
}

test('everything works in threads, as it does in forks', { timeout: 60_000 }, async () => {
  expect(await failedIn('threads')).toEqual([])
})

test('in vmThreads an import of timers/promises stays real, and whoever waits for it is told', {
  timeout: 60_000,
}, async () => {
  const failed = await failedIn('vmThreads')

  expect(failed.map(([name]) => name)).toEqual(['timers, dates and promises of timers'])
  expect(failed[0]?.[1].says).toContain("Vitest's pools forks and threads")
})
