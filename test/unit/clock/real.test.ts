import { expect, test } from 'vitest'
import { nativeNow } from '../../../src/clock/native.ts'
import { RealClock } from '../../../src/clock/real.ts'

test('no timer fires early, be it shorter than a timer of Node can be', async () => {
  using clock = new RealClock(10)
  const early: number[] = []

  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const ms = i / 4
      const dueMs = nativeNow() + ms / 10
      await clock.sleep(ms)
      if (nativeNow() < dueMs) early.push(ms)
    }),
  )

  expect(early).toEqual([])
})

test('what is due at once comes in order, and not before what is under way is over', async () => {
  using clock = new RealClock(1_000_000)
  const seen: string[] = []

  for (const name of ['first', 'second']) clock.after(450, () => seen.push(name))
  seen.push('under way')
  await clock.sleep(450)

  expect(seen).toEqual(['under way', 'first', 'second'])
})

test('a timer that was cancelled does not fire, however soon it was due', async () => {
  using clock = new RealClock()
  const seen: number[] = []

  for (const ms of [0, 1, 5]) clock.after(ms, () => seen.push(ms))()
  await clock.sleep(10)

  expect(seen).toEqual([])
})
