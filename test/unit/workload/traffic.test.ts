import { expect, test } from 'vitest'
import { VirtualClock } from '../../../src/clock/virtual.ts'
import { Traffic } from '../../../src/workload/traffic.ts'

/** When sleepers of these lengths wake, ms, with `change` made after ten seconds. */
async function wakings(lengths: readonly number[], change: (traffic: Traffic) => void, atMostMs = 1e9) {
  using clock = new VirtualClock({ startMs: 0 })
  const stop = new AbortController()
  const traffic = new Traffic(clock, stop.signal)
  const woke: number[] = []
  const all = Promise.all(lengths.map(async ms => traffic.sleep(ms, atMostMs).then(() => woke.push(clock.now()))))
  clock.after(10_000, () => change(traffic))
  clock.after(100_000, () => stop.abort())
  await clock.drive(all)
  return woke
}

test('a change is felt at once, by what is left of each wait', async () => {
  expect(await wakings([5_000, 20_000, 40_000], traffic => traffic.setFactor(2))).toEqual([5_000, 15_000, 25_000])
  expect(await wakings([20_000], traffic => traffic.setFactor(0.5))).toEqual([30_000])
})

test('without any traffic nobody comes, until it is back or the end has come', async () => {
  expect(await wakings([20_000], traffic => traffic.setFactor(0), 60_000)).toEqual([60_000])
  const back = (traffic: Traffic) => {
    traffic.setFactor(0)
    traffic.setFactor(1)
  }
  expect(await wakings([20_000], back)).toEqual([20_000])
})

test('everyone wakes when the run is over', async () => {
  expect(await wakings([500_000, 900_000], () => {})).toEqual([100_000, 100_000])
})
