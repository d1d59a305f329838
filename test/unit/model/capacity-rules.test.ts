import { expect, test } from 'vitest'
import { leave, type Served } from '../../../src/model/capacity.ts'
import { drawService, serviceTime } from '../../../src/model/capacity-service.ts'
import type { Decision } from '../../../src/model/decide.ts'
import { landings } from '../../../src/model/landing.ts'
import type { CapacityEntry, PhaseItem, Scenario } from '../../../src/model/scenario.ts'
import { minuteMs, outageStretches, type Plan } from '../../../src/model/timeline.ts'
import { createWorld } from '../../../src/model/world.ts'
import { capacityPlan, mean } from './capacity-support.ts'
import { ask, fault, phase, planOf, range } from './support.ts'

const api = (entry: Omit<CapacityEntry, 'surface'>): CapacityEntry => ({ surface: ['api'], ...entry })
/** Constant service times, so that sums can be told by heart. */
const steady = { service: 1_000, cv: 0 }

const slot = ({ served }: Decision): Served => {
  if (!served) throw new Error('it has no slot')
  return served
}
const starts = (decisions: readonly Decision[]) => decisions.map(decision => decision.served?.startMs)

test('one who finds a free slot begins at once, the others wait in the order in which they came', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 2 }))

  expect(starts([at(0), at(10), at(20), at(30), at(40)])).toEqual([0, 10, 1_000, 1_010, 2_000])
  expect(at(5_000).served?.startMs).toBe(5_000)
})

test('without slots all are served at once, each in its time', () => {
  const { at } = ask(capacityPlan({ service: 2_000, cv: 0 }))

  for (const _ of range(50)) expect(at(7)).toMatchObject({ served: { startMs: 7, finishMs: 2_007 } })
})

test('who would wait longer than max_wait is turned away as overloaded, in the name of the entry', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 1, max_wait: 1_500 }))
  const [first, second, third] = [at(0), at(0), at(0)]

  expect(starts([first, second, third])).toEqual([0, 1_000, undefined])
  expect(third).toMatchObject({
    effect: { type: 'answer', error: 'overloaded' },
    entry: 'capacity[0]',
    rejected: true,
    limited: false,
  })
  expect(at(500).served?.startMs).toBe(2_000)
})

test('a refusal takes its part of a slot from those who come later', () => {
  const free = ask(capacityPlan({ ...steady, slots: 1, max_wait: 0 }))
  const costly = ask(capacityPlan({ ...steady, slots: 1, max_wait: 0, reject_cost: 0.25 }))
  for (const { at } of [free, costly]) for (const t of [0, 100, 200, 300]) at(t)

  expect(starts([free.at(1_000), costly.at(1_000)])).toEqual([1_000, undefined])
  // Three refusals before, one just now: a second of serving.
  expect(starts([costly.at(1_999), costly.at(2_000)])).toEqual([undefined, undefined])
  expect(costly.at(2_500).served?.startMs).toBe(2_500)
})

test('a client that hangs up leaves its slot to the next, whether it had it or waited for it', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 1, work_after_disconnect: false }))
  const first = slot(at(0))
  const second = slot(at(0))

  leave(second, 100)
  leave(first, 250)
  expect(at(260).served?.startMs).toBe(260)
})

test('those behind keep the time they were given, and who comes next gains what was not done', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 1 }))
  const first = slot(at(0))

  expect(at(0).served?.startMs).toBe(1_000)
  leave(first, 400)
  expect(at(450).served?.startMs).toBe(1_400)
})

test('leaving after the end changes nothing', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 1 }))
  const first = slot(at(0))
  at(1_000)

  leave(first, 1_500)
  expect(at(1_500).served?.startMs).toBe(2_000)
})

test('each client stands for `population` of them: the slots are shared with the others', () => {
  const alone = ask(capacityPlan({ ...steady, slots: 30 }))
  const crowd = ask(capacityPlan({ ...steady, slots: 30, population: 10 }))

  expect(starts(range(4).map(() => alone.at(0)))).toEqual([0, 0, 0, 0])
  expect(starts(range(4).map(() => crowd.at(0)))).toEqual([0, 0, 0, 1_000])
})

test('where a population leaves less than a slot, or parts of one, the slots that are left are slower', () => {
  const half = ask(capacityPlan({ ...steady, slots: 1, population: 2 }))
  const oneAndAHalf = ask(capacityPlan({ ...steady, slots: 3, population: 2 }))
  const finishes = ({ at }: ReturnType<typeof ask>) => range(4).map(() => at(0).served?.finishMs ?? 0)

  expect(finishes(half)).toEqual([2_000, 4_000, 6_000, 8_000])
  expect(finishes(oneAndAHalf).map(Math.round)).toEqual([1_333, 1_333, 2_667, 2_667])
})

test('at half its speed everything takes twice as long, and a change of speed is felt half-way', () => {
  const { at } = ask(
    capacityPlan({ ...steady, slots: 1 }, [
      phase('well'),
      { ...phase('slow'), capacity: [api({ speed: 0.5 })] },
      phase('well-again'),
    ]),
  )

  expect(at(1_000).served?.finishMs).toBe(2_000)
  expect(at(59_500).served?.finishMs).toBe(60_000 + 2 * 500)
  expect(at(90_000).served?.finishMs).toBe(92_000)
  expect(at(119_000).served?.finishMs).toBe(120_000 + 500)
})

test('a phase changes what it names, keeps the rest, and the queue outlives it', () => {
  const { at } = ask(
    capacityPlan({ ...steady, slots: 4, max_wait: 30_000 }, [
      { ...phase('short'), capacity: [api({ slots: 1 })] },
      phase('whole'),
    ]),
  )
  const queued = range(10).map(() => at(55_000))

  // Five by the one slot that is left; from 60 s on all four work.
  expect(starts(queued)).toEqual([55, 56, 57, 58, 59, 60, 60, 60, 60, 61].map(s => s * 1_000))
  expect(at(60_000).served?.startMs).toBe(61_000)
  expect(at(70_000).served?.startMs).toBe(70_000)
})

test('slots that are taken away finish what they have begun, and begin nothing more', () => {
  const { at } = ask(
    capacityPlan({ ...steady, slots: 3 }, [phase('whole'), { ...phase('short'), capacity: [api({ slots: 1 })] }]),
  )

  expect(range(3).map(() => at(59_500).served?.finishMs)).toEqual([60_500, 60_500, 60_500])
  expect(starts([at(59_600), at(59_600), at(60_000)])).toEqual([60_500, 61_500, 62_500])
})

test('a capacity of a phase alone is gone with it, and who still waits then waits no more', () => {
  const { at } = ask(planOf([{ ...phase('short'), capacity: [api({ ...steady, slots: 1 })] }, phase('well')]))

  expect(starts(range(3).map(() => at(58_500)))).toEqual([58_500, 59_500, 60_000])
  expect(at(60_000).served).toBeUndefined()
})

test('a part of a surface with a capacity of its own in a phase takes the rest from what covers it', () => {
  const own = { surface: ['api.messages'], speed: 0.5 }
  const { at } = ask(capacityPlan({ ...steady, slots: 1 }, [{ ...phase('slow'), capacity: [own] }]))

  expect(at(0)).toMatchObject({ served: { startMs: 0, finishMs: 2_000 } })
  expect(at(0).served?.startMs).toBe(2_000)
  expect(at(0, { surface: 'api.files' })).toMatchObject({ served: { startMs: 0, finishMs: 1_000 } })
})

test('it holds in the warm-up and after the last phase', () => {
  const { at } = ask(capacityPlan({ ...steady, slots: 1 }, [phase('p')]))

  expect(starts([at(-90_000), at(-90_000)])).toEqual([-90_000, -89_000])
  expect(starts([at(600_000), at(600_000)])).toEqual([600_000, 601_000])
})

test('after a stretch in which nothing got through, speed returns over the warm-up', () => {
  const plan = capacityPlan({ ...steady, slots: 1, warm_up: 100_000 }, [phase('down', [fault('down')]), phase('well')])
  const { at } = ask(plan)

  // Work done t into a warm-up of w is t² / 2w: a second of it takes √(2 × 100 × 1) s.
  expect(at(60_000).served?.finishMs).toBeCloseTo(60_000 + Math.sqrt(200) * 1_000, 3)
  expect(at(300_000)).toMatchObject({ served: { startMs: 300_000, finishMs: 301_000 } })
})

test('a fault for some, or for some time, leaves a provider warm', () => {
  const phases = [phase('half', [fault('down', { share: 0.5 })]), phase('well')]
  const { at } = ask(capacityPlan({ ...steady, slots: 1, warm_up: 100_000 }, phases))
  const ownPhase = [phase('down'), { ...phase('back'), capacity: [api({ warm_up: 30_000 })] }]
  const own = ask(capacityPlan({ ...steady, slots: 1 }, ownPhase))

  expect(at(60_000).served?.finishMs).toBe(61_000)
  expect(own.at(60_000).served?.finishMs).toBeCloseTo(60_000 + Math.sqrt(60) * 1_000, 3)
})

test('what a fault hits or a limit rejects asks for no slot', () => {
  const limits = [{ surface: ['api'], requests: 60, burst: 1 }]
  const { at } = ask(
    capacityPlan({ ...steady, slots: 1 }, [
      phase('down', [fault('down')]),
      { ...phase('limited'), limits },
      phase('well'),
    ]),
  )

  expect(at(59_900)).toMatchObject({ fault: 'down' })
  expect(at(60_000)).toMatchObject({ limited: false, served: { startMs: 60_000 }, rateLimits: [{ remaining: 0 }] })
  expect(at(60_001)).toMatchObject({ limited: true })
  expect(at(61_000).served?.startMs).toBe(61_000)
})

test('other providers and surfaces have the capacity of their own, or none', () => {
  const { at } = ask(
    planOf([phase('p')], {
      capacity: [
        { surface: ['openai.api'], ...steady, slots: 1 },
        { surface: ['api'], ...steady },
      ],
    }),
  )
  const openai = { provider: 'openai', surface: 'api.chat' }

  expect(starts([at(0, openai), at(0, openai), at(0), at(0, { surface: 'chat' })])).toEqual([0, 1_000, 0, undefined])
})

test('what nothing will ever serve is held, unless somebody would have turned it away', () => {
  const phases = (more: Partial<CapacityEntry>): PhaseItem[] => [
    { ...phase('stopped'), capacity: [api({ ...steady, slots: 1, speed: 0, ...more })] },
  ]
  const whole: Partial<Scenario> = { capacity: [api({ ...steady, slots: 1, speed: 0 })] }

  expect(ask(planOf([phase('p')], whole)).at(0)).toMatchObject({ effect: { type: 'hold' }, entry: 'capacity[0]' })
  // The phase ends, and with it the standstill.
  expect(ask(planOf(phases({}))).at(0).served?.finishMs).toBe(61_000)
  const { at } = ask(planOf(phases({ max_wait: 1_000 })))
  at(0)
  expect(at(0).rejected).toBe(true)
})

test('service times have the mean and the spread that the entry says', () => {
  for (const cv of [0, 0.3, 1, 2]) {
    const time = serviceTime(500, cv)
    // The midpoints of 200,000 equal shares.
    const values = range(200_000).map(i => drawService(time, (i + 0.5) / 200_000))
    const average = mean(values)
    const spread = Math.sqrt(mean(values.map(value => (value - average) ** 2))) / average
    expect(Math.abs(average / 500 - 1), `mean at ${cv}`).toBeLessThan(0.005)
    expect(Math.abs(spread - cv), `spread at ${cv}`).toBeLessThan(0.02)
  }
})

test('a service time depends on who asks, not on who asked before', () => {
  const plan = capacityPlan({ service: 1_000 })
  const duration = ({ served }: Decision) => Math.round((served?.finishMs ?? 0) - (served?.startMs ?? 0))
  const { at } = ask(plan)
  const alone = range(20).map(user => duration(at(0, { user })))
  const crowded = ask(plan)
  for (const user of range(100)) crowded.at(0, { user: 100 + user })

  expect(range(20).map(user => duration(crowded.at(0, { user })))).toEqual(alone)
  expect(new Set(alone).size).toBe(20)
  expect(duration(ask(plan, { seed: 2 }).at(0))).not.toBe(alone[0])
})

test('before an outage is started load does not matter', () => {
  const world = createWorld()
  const { at } = ask(capacityPlan({ ...steady, slots: 1, max_wait: 0 }), { world })
  world.reacts = false

  for (const _ of range(10)) expect(at(0)).toMatchObject({ effect: { type: 'pass' }, entry: undefined })
})

function land(plan: Plan, times: readonly number[]) {
  const world = createWorld()
  const { at } = ask(plan, { world })
  for (const [user, t] of times.entries()) at(t, { user })
  for (const { index } of plan.capacity) world.touched.add(index)
  return landings({ plan, world, users: 10, tasksOpenIn: () => true, lineOf: () => undefined }).map(
    ({ id, entry, phase, status, eligible, hits }) => `${id} ${entry} ${phase}: ${status} ${hits}/${eligible}`,
  )
}

test('it lands with the first arrival that it decides on; hits are those that waited or were turned away', () => {
  const plan = capacityPlan({ ...steady, slots: 1, max_wait: 1_000 }, [phase('p')])

  expect(land(plan, [-1_000, 0, 0, 0, 0])).toEqual(['capacity capacity[0] whole run: landed 3/4'])
  expect(land(plan, [0, 5_000])).toEqual(['capacity capacity[0] whole run: landed 0/2'])
})

test('one that nothing reached is withheld, or thin where faults took all that came', () => {
  const plan = capacityPlan({ ...steady, slots: 1 }, [
    { ...phase('down', [fault('down')]), capacity: [api({ slots: 2 })] },
    { ...phase('quiet'), capacity: [api({ slots: 3 })] },
    phase('well'),
  ])

  expect(land(plan, [10, 20, 130_000])).toEqual([
    'down phases[0].faults[0] down: landed 2/2',
    'capacity phases[0].capacity[0] down: thin 0/0',
    'capacity phases[1].capacity[0] quiet: withheld 0/0',
    'capacity capacity[0] whole run: landed 0/1',
  ])
})

test('the capacity of a phase makes a stretch of outage, the capacity of the whole run does not', () => {
  const plan = capacityPlan({ ...steady, slots: 4 }, [
    phase('down', [fault('down')]),
    { ...phase('slow'), capacity: [api({ speed: 0.1 })] },
    phase('well'),
  ])

  expect(outageStretches(plan, 'anthropic.api.messages')).toEqual([{ startMs: 0, endMs: 2 * minuteMs }])
  expect(outageStretches(plan, 'anthropic.api.messages', { limits: false })).toEqual([{ startMs: 0, endMs: minuteMs }])
})

test('the healed stretch is long enough to drain what the phases left undone', () => {
  const tail = (entry: Omit<CapacityEntry, 'surface'>, phases: PhaseItem[], more: Partial<Scenario> = {}) =>
    capacityPlan(entry, phases, { workload: { users: 60, think: 29_000 }, ...more }).tailMs / minuteMs
  const down = { ...phase('down', [fault('down')]), for: 20 * minuteMs }

  // Two calls a second: 2,400 of them at one a second more than come in make 40 minutes, and 2 of grace.
  expect(tail({ ...steady, slots: 3 }, [down])).toBeCloseTo(42, 0)
  expect(tail({ ...steady, slots: 30, population: 10 }, [down])).toBeCloseTo(42, 0)
  // Half as long, when the last phase has worked off half of it.
  expect(tail({ ...steady, slots: 3 }, [down, { ...phase('well'), for: 20 * minuteMs }])).toBeCloseTo(22, 0)
  expect(tail({ ...steady, slots: 20 }, [down])).toBe(5)
  expect(tail({ ...steady }, [down])).toBe(5)
  // What never drains is not waited for, and what takes hours not to the end.
  expect(tail({ ...steady, slots: 1 }, [down])).toBe(5)
  expect(tail({ ...steady, slots: 3 }, [{ ...down, for: 60 * minuteMs }])).toBe(62)
  expect(planOf([down]).tailMs).toBe(5 * minuteMs)
})

test('one that stands behind another for the same surface is told so, and not that the app stayed away', () => {
  const plan = planOf([phase('p')], { capacity: [api({ slots: 2 }), { surface: ['api.messages'], slots: 1 }] })

  expect(land(plan, [0, 10, 20])).toEqual([
    'capacity capacity[0] whole run: landed 1/3',
    'capacity capacity[1] whole run: thin 0/0',
  ])
})
