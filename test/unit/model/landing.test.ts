import { expect, test } from 'vitest'
import { covers } from '../../../src/model/arrival.ts'
import { type EntryLanding, type LandingFacts, landings } from '../../../src/model/landing.ts'
import type { PhaseItem } from '../../../src/model/scenario.ts'
import { firstInjected, type Plan, plannedFaults, plannedLimits, type Span } from '../../../src/model/timeline.ts'
import { createWorld, type World } from '../../../src/model/world.ts'
import { ask, fault, phase, planOf, range } from './support.ts'

interface Facts {
  /** Arrivals before the first phase touch too. */
  readonly touched?: readonly string[]
  readonly open?: (span: Span) => boolean
  readonly users?: number
  readonly asksByItself?: boolean
}

/** Arrivals at the given times, each of another user, and what landed. */
function land(items: readonly PhaseItem[], times: readonly number[], facts: Facts = {}): readonly EntryLanding[] {
  const plan = planOf(items)
  const world = createWorld()
  const { at } = ask(plan, { world })
  for (const [user, t] of times.entries()) at(t, { user })
  return report(plan, world, facts)
}

function report(
  plan: Plan,
  world: World,
  { touched = ['anthropic.api.messages'], open = () => true, users = 10, asksByItself = false }: Facts,
) {
  for (const entry of [...plannedFaults(plan), ...plannedLimits(plan)])
    if (touched.some(surface => entry.surfaces.some(pattern => covers(pattern, surface))))
      world.touched.add(entry.index)
  return landings({ plan, world, users, asksByItself, tasksOpenIn: open, lineOf: path => path.length })
}

const statuses = (rows: readonly EntryLanding[]) => rows.map(row => row.status)

test('what the run ended before is not reached, and no advice is given for it', () => {
  const plan = planOf([phase('p', [fault('down')]), phase('q', [fault('down')])])
  const rows = landings({
    plan,
    world: createWorld(),
    users: 1,
    endMs: 30_000,
    tasksOpenIn: () => false,
    lineOf: () => 1,
  })

  expect(rows.map(({ phase, reached }) => [phase, reached])).toEqual([
    ['p', undefined],
    ['q', false],
  ])
  expect(rows[1]?.hint).toBeUndefined()
})

test('what was injected stands at no line of the file', () => {
  const plan = planOf([phase('p', [fault('down')])])
  const [own] = plannedFaults(plan)
  if (!own) throw new Error('The plan has no fault.')
  const tracks = [{ ...own, index: firstInjected, path: 'faults[0]' }]
  const rows = report({ ...plan, tracks }, createWorld(), {})

  expect(rows.map(({ entry, line }) => [entry, line])).toEqual(
    expect.arrayContaining([
      ['faults[0]', undefined],
      ['phases[0].faults[0]', 'phases[0].faults[0]'.length],
    ]),
  )
})

test('an entry that hit once has landed', () => {
  const [row] = land([phase('p', [fault('down', { share: 0.5 })])], range(20))

  expect(row).toMatchObject({ id: 'down', entry: 'phases[0].faults[0]', phase: 'p', status: 'landed', eligible: 20 })
  expect(row?.surface).toEqual(['anthropic.api'])
  expect(row?.line).toBe('phases[0].faults[0]'.length)
  expect(row?.hits).toBeGreaterThan(0)
})

test('a surface that nobody ever touched is unused', () => {
  expect(statuses(land([phase('p', [fault('down', { surface: ['chat'] })])], [1, 2]))).toEqual(['unused'])
})

test('where tasks were open and nothing came, the app withheld it', () => {
  const rows = land([phase('p', [fault('down')]), phase('q')], [90_000], { open: span => span.startMs < 60_000 })
  expect(statuses(rows)).toEqual(['withheld'])
})

test('where nobody wanted anything, the entry is thin', () => {
  const [row] = land([phase('p', [fault('down')]), phase('q')], [90_000], { open: () => false })

  expect(row?.status).toBe('thin')
  expect(row?.hint).toBe('Nothing was asked for while it was in force: use more users or a longer phase.')
})

test('a port that was closed has landed where tasks were open, or the app asks by itself; not on what it never asks', () => {
  const plan = planOf([phase('p', [fault('down')])])
  const at = (facts: Partial<LandingFacts>, touched = true) => {
    const world = createWorld()
    if (touched) world.touched.add(0)
    const applied = new Set([0])
    return statuses(
      landings({ plan, world, users: 1, applied, tasksOpenIn: () => false, lineOf: () => undefined, ...facts }),
    )
  }

  expect(at({ tasksOpenIn: () => true })).toEqual(['landed'])
  expect(at({})).toEqual(['thin'])
  expect(at({ asksByItself: true })).toEqual(['landed'])
  expect(at({ asksByItself: true }, false)).toEqual(['unused'])
})

test('too few chances to expect a hit are thin, and the users that would do are named', () => {
  const [row] = land([phase('p', [fault('down', { share: 0.0005 })])], range(100), { users: 60 })

  expect(row).toMatchObject({ status: 'thin', eligible: 100, hits: 0 })
  // 100 arrivals at 0.05 % are 0.05 hits: 3 hits take 60 times the users.
  expect(row?.hint).toBe('Expected 0.1 hits: --users 3600 would do.')
})

test('where the app asks by itself there are no users to add, so a longer phase is named', () => {
  const [row] = land([phase('p', [fault('down', { share: 0.0005 })])], range(1_600), { asksByItself: true })

  expect(row).toMatchObject({ status: 'thin', eligible: 1_600, hits: 0 })
  expect(row?.hint).toBe('Expected 0.8 hits: a phase 4 times as long would do, or a larger share.')
})

test('an entry that should have hit and did not is missed', () => {
  const plan = planOf([phase('p', [fault('down', { share: 0.5 })])])
  const world = createWorld()
  const [entry] = plannedFaults(plan)
  const count = { eligible: 6, hits: 0, expected: 3, shadowed: 0, byScope: new Map(), drawnFor: new Set<string>() }
  world.counts.set(entry?.index ?? -1, count)

  expect(statuses(report(plan, world, {}))).toEqual(['missed'])
  count.expected = 2.9
  expect(statuses(report(plan, world, {}))).toEqual(['thin'])
})

test('a limit has landed when it decided one arrival, be it to admit', () => {
  const limits = [{ surface: ['api'], requests: 100 }]
  expect(land([phase('p', [], limits)], [1])).toMatchObject([{ id: 'limit', status: 'landed', eligible: 1, hits: 0 }])
  expect(statuses(land([phase('p', [], limits)], []))).toEqual(['withheld'])
})

test('laps of one entry are one row, summed', () => {
  const items = [{ repeat: { times: 3, phases: [phase('p', [fault('down', { when: { first: 1 } })])] } }]

  expect(land(items, [0, 1, 60_000, 60_001])).toMatchObject([
    { phase: 'p', entry: 'phases[0].repeat.phases[0].faults[0]', status: 'landed', eligible: 4, hits: 2 },
  ])
})

test('an entry behind one that takes everything is thin, and says so', () => {
  const [, behind] = land([phase('p', [fault('down'), fault('slow')])], range(5))

  expect(behind).toMatchObject({ status: 'thin', eligible: 0, hits: 0 })
  expect(behind?.hint).toBe('Entries before it took all 5 requests: move it up, or lower their share.')
})

test('a count that was never reached is thin', () => {
  const [row] = land([phase('p', [fault('down', { when: { nth: 9 } })])], range(5))

  expect(row?.status).toBe('thin')
  expect(row?.hint).toBe('None of 5 requests could be hit: its share or what it counts in "when" never let it.')
})

test('attempts that share one draw have one chance together', () => {
  // One user, many attempts, and a seed under which the draw spares this user: nothing is missed.
  const plan = planOf([phase('p', [fault('down', { share: 0.5, sticky: 'key' })])])
  const spared = range(50).find(seed => ask(plan, { seed }).at(1).fault === undefined)
  const { at, world } = ask(plan, { seed: spared ?? 0 })
  for (const t of range(100)) at(t, { attemptNumber: t })

  const [row] = report(plan, world, {})

  expect(row).toMatchObject({ status: 'thin', eligible: 100, hits: 0 })
  expect(row?.hint).toBe('Expected 0.5 hits, which more users do not change: raise its share.')
})

test('a mix is named by its parts', () => {
  const mix = ['down', 'slow'].map(id => ({ fault: { id, params: {} }, share: 0.5 }))
  expect(land([phase('p', [fault('', { mix })])], [1])).toMatchObject([{ id: 'down|slow', status: 'landed' }])
})
