import { expect, test } from 'vitest'
import { RealClock } from '../../../src/clock/real.ts'

const real = () => performance.now()

test('what a scenario calls a minute takes a second at sixty times the speed', async () => {
  using clock = new RealClock(60)
  const [began, at] = [real(), clock.now()]
  await clock.sleep(6_000)
  const [tookMs, passedMs] = [real() - began, clock.now() - at]

  expect(tookMs).toBeGreaterThanOrEqual(100)
  expect(tookMs).toBeLessThan(200)
  expect(passedMs / tookMs).toBeCloseTo(60, 0)
})

test.for([1, 7, 60, 1_000])('at %s times the speed no timer fires before its time', async speed => {
  using clock = new RealClock(speed)
  const early = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const dueMs = clock.now() + i * 0.35 * speed
      await clock.sleep(i * 0.35 * speed)
      return (dueMs - clock.now()) / speed
    }),
  )

  // But for the rounding of sums of such numbers.
  expect(Math.max(...early)).toBeLessThan(0.001)
})

test('timers fire in the order of their times, and none that was cancelled does', async () => {
  using clock = new RealClock(100)
  const fired: number[] = []
  const cancels = [900, 300, 600, 1_200].map(ms => clock.after(ms, () => fired.push(ms)))
  cancels[2]?.()
  await clock.sleep(2_000)

  expect(fired).toEqual([300, 900, 1_200])
})

test('a timer for a time that is over comes, and not within the call that sets it', async () => {
  using clock = new RealClock()
  let came = 0
  for (const ms of [0, -5, 0.1]) clock.after(ms, () => came++)
  expect(came).toBe(0)

  await clock.sleep(5)
  expect(came).toBe(3)
})

test('one for later than a timer can be does not come at once', async () => {
  using clock = new RealClock()
  let came = false
  for (const ms of [2 ** 31, 1e12, Number.POSITIVE_INFINITY])
    clock.after(ms, () => {
      came = true
    })
  await clock.sleep(30)

  expect(came).toBe(false)
})

test('once it is disposed of no timer fires, of those before and of those after, and none is left', async () => {
  const timers = () =>
    process.getActiveResourcesInfo().filter(name => name === 'Timeout' || name === 'Immediate').length
  const before = timers()
  const clock = new RealClock()
  let came = 0
  for (const ms of [0, 1, 20]) clock.after(ms, () => came++)
  clock[Symbol.dispose]()
  for (const ms of [0, 1, 20]) clock.after(ms, () => came++)
  expect(timers()).toBe(before)
  await new Promise(resolve => setTimeout(resolve, 40))

  expect(came).toBe(0)
})

test('a sleeper wakes at once when it is told to', async () => {
  using clock = new RealClock()
  const aborter = new AbortController()
  const began = real()
  const slept = clock.sleep(60_000, aborter.signal)
  aborter.abort()
  await slept
  await clock.sleep(60_000, aborter.signal)

  expect(real() - began).toBeLessThan(1_000)
})

test('the time of day is that of the machine, whatever the speed', async () => {
  using clock = new RealClock(1_000)
  await clock.sleep(20_000)

  expect(Math.abs(clock.wall() - Date.now())).toBeLessThan(50)
  expect(clock.now() - clock.wall()).toBeGreaterThan(15_000)
})
