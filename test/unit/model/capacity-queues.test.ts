import { describe, expect, test } from 'vitest'
import { drawExponential, randomStream } from '../../../src/lib/draw.ts'
import { minuteMs } from '../../../src/model/timeline.ts'
import { mean, offer, waitOf } from './capacity-support.ts'
import { ask, planOf, range } from './support.ts'

// Closed formulas of queueing theory, against what the model does on these seeds.
const seeds = range(8).map(i => i + 1)

/** The share of calls that find all of `servers` busy and are lost, when `load` of them would be busy on average. */
function erlangB(servers: number, load: number): number {
  return range(servers).reduce((lost, i) => (load * lost) / (i + 1 + load * lost), 1)
}

/** The share of calls that must wait, when none is lost. */
function erlangC(servers: number, load: number): number {
  const lost = erlangB(servers, load)
  return lost / (1 - (load / servers) * (1 - lost))
}

test('the formulas are the textbook ones', () => {
  expect(erlangB(5, 4)).toBeCloseTo(0.1991, 4)
  expect(erlangB(40, 50)).toBeCloseTo(0.2498, 4)
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 10)
  expect(erlangC(10, 9)).toBeCloseTo(0.6687, 4)
})

describe('without room to wait, the share that is rejected is Erlang B, to 1 %', () => {
  test.for([
    { slots: 5, load: 4 },
    { slots: 10, load: 12 },
    { slots: 40, load: 50 },
  ])('$slots slots, $load busy', ({ slots, load }) => {
    const lost = seeds.map(seed => {
      const seen = offer({ slots, service: 1_000, max_wait: 0 }, load, 40_000, seed)
      return mean(seen.map(({ admission }) => (admission.type === 'rejected' ? 1 : 0)))
    })

    expect(Math.abs(mean(lost) / erlangB(slots, load) - 1)).toBeLessThan(0.01)
  })

  test('and it does not matter how service times vary, only their mean', () => {
    for (const cv of [0, 0.5, 2]) {
      const lost = seeds.map(seed => {
        const seen = offer({ slots: 10, service: 1_000, cv, max_wait: 0 }, 12, 40_000, seed)
        return mean(seen.map(({ admission }) => (admission.type === 'rejected' ? 1 : 0)))
      })
      expect(Math.abs(mean(lost) / erlangB(10, 12) - 1), `cv ${cv}`).toBeLessThan(0.015)
    }
  })
})

describe('with room to wait, the share that waits is Erlang C, to 2 %, and the mean wait follows, to 8 %', () => {
  test.for([
    { slots: 1, load: 0.7 },
    { slots: 10, load: 9 },
    { slots: 40, load: 32 },
    { slots: 4, load: 2 },
  ])('$slots slots, $load busy', ({ slots, load }) => {
    const runs = seeds.map(seed => offer({ slots, service: 2_000 }, load / 2, 60_000, seed).map(waitOf))

    const waits = mean(runs.map(run => mean(run.map(wait => (wait > 0 ? 1 : 0)))))
    expect(Math.abs(waits - erlangC(slots, load))).toBeLessThan(0.02 * Math.max(erlangC(slots, load), 0.2))
    const theory = (erlangC(slots, load) * 2_000) / (slots - load)
    expect(Math.abs(mean(runs.map(mean)) / theory - 1)).toBeLessThan(0.08)
  })
})

test('service times of any spread make the wait of one slot that Pollaczek and Khinchine give, to 5 %', () => {
  for (const cv of [0, 0.5, 1, 1.5]) {
    const waits = seeds.map(seed => mean(offer({ slots: 1, service: 1_000, cv }, 0.6, 80_000, seed).map(waitOf)))
    const theory = (0.6 / 0.4) * 1_000 * ((1 + cv * cv) / 2)
    expect(Math.abs(mean(waits) / theory - 1), `cv ${cv}`).toBeLessThan(0.05)
  }
})

test('calls in the system are their rate times their stay, to 1 %, and none is lost count of', () => {
  for (const seed of seeds) {
    const seen = offer({ slots: 8, service: 1_000, max_wait: 1_000, reject_cost: 0.2 }, 10, 20_000, seed)
    const from = seen[0]?.t ?? 0
    const to = seen.at(-1)?.t ?? 0
    const served = seen.flatMap(({ t, admission }) =>
      admission.type === 'served' ? [{ t, endMs: admission.served.finishMs }] : [],
    )
    const rejected = seen.filter(({ admission }) => admission.type === 'rejected')
    expect(served.length + rejected.length).toBe(seen.length)

    // The area under the number in the system, walked by its steps.
    const steps = served
      .flatMap(({ t, endMs }) => [
        { at: t, by: 1 },
        { at: Math.min(endMs, to), by: -1 },
      ])
      .sort((a, b) => a.at - b.at || b.by - a.by)
    let [inside, area, lastMs] = [0, 0, from]
    for (const { at, by } of steps) {
      area += inside * (at - lastMs)
      inside += by
      lastMs = at
    }
    expect(inside).toBe(0)
    const stay = mean(served.map(({ t, endMs }) => endMs - t))
    expect(Math.abs(area / (served.length * stay) - 1)).toBeLessThan(0.01)
  }
})

test('never more at once than there are slots, and in the order in which they came', () => {
  const seen = offer({ slots: 6, service: 1_000, cv: 1.5 }, 5.8, 20_000, 3)
  const served = seen.flatMap(({ admission }) => (admission.type === 'served' ? [admission.served] : []))

  const starts = served.map(({ startMs }) => startMs)
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  const steps = served
    .flatMap(({ startMs, finishMs }) => [
      { at: startMs, by: 1 },
      { at: finishMs, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  let busy = 0
  expect(Math.max(...steps.map(({ by }) => (busy += by)))).toBe(6)
})

describe('a token bucket lets in no more than its burst and its rate in any window, and no less over time', () => {
  test.for([
    { perSecond: 10, burst: 20, offered: 40 },
    { perSecond: 2, burst: 30, offered: 5 },
    { perSecond: 50, burst: 200, offered: 60 },
  ])('$perSecond a second, burst $burst', ({ perSecond, burst, offered }) => {
    for (const seed of seeds.slice(0, 4)) {
      const phases = [
        {
          name: 'p',
          for: 20 * minuteMs,
          limits: [{ surface: ['api'], requests: perSecond * 60, burst }],
        },
      ]
      const { at } = ask(planOf(phases))
      const random = randomStream(seed, 'bucket')
      const admitted: number[] = []
      for (let t = 0; t < 20 * minuteMs; t += drawExponential(1_000 / offered, random()))
        if (!at(t).limited) admitted.push(t)

      // Over all windows between two admissions: count - rate × length, by the least of what came before.
      let least = Number.POSITIVE_INFINITY
      let worst = 0
      for (const [i, t] of admitted.entries()) {
        least = Math.min(least, i - (perSecond * t) / 1_000)
        worst = Math.max(worst, i + 1 - (perSecond * t) / 1_000 - least)
      }
      expect(worst).toBeLessThanOrEqual(burst + 1e-6)
      expect(Math.abs((admitted.length - burst) / (20 * 60) / perSecond - 1)).toBeLessThan(0.01)
    }
  })
})
