import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../../src/clock/virtual.ts'

test('no timer fires once its owner is over, and none of them keeps time waiting', async () => {
  let owner: { isOver: boolean } | undefined
  using clock = new VirtualClock({ startMs: 0, owner: () => owner })
  const fired: string[] = []
  const mine = { isOver: false }
  owner = mine
  setTimeout(() => fired.push('timeout'), 2_000)
  setInterval(() => fired.push('interval'), 400)
  setImmediate(() => fired.push('immediate'))
  void sleep(2_000).then(() => fired.push('promise'))
  AbortSignal.timeout(2_000).addEventListener('abort', () => fired.push('signal'))
  owner = { isOver: false }
  setTimeout(() => fired.push('another’s'), 3_000)
  owner = undefined
  setTimeout(() => {
    mine.isOver = true
  }, 1_000)

  // Nothing is left to wait for after the last of them: an interval would go on for ever.
  expect(await clock.drive(new Promise(() => {}))).toBe('deadlock')
  expect(fired).toEqual(['immediate', 'interval', 'interval', 'another’s'])
  expect(clock.now()).toBe(3_000)
})
