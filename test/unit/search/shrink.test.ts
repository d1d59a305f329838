import { expect, test } from 'vitest'
import { phasesOf } from '../../../src/arbitraries/parts.ts'
import { shipped } from '../../../src/arbitraries/valid.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { shrink } from '../../../src/search/shrink.ts'
import { createTry } from '../../../src/search/try.ts'
import type { Tried } from '../../../src/search/types.ts'
import { eagerAndSorry, givesUpForGood } from './clients.ts'

const minute = 60_000
const everywhere = (id: string) => [{ surface: ['api', 'chat'], fault: { id, params: {} } }]
const long: Scenario = {
  blackstart: 1,
  id: 'long',
  title: 'One thing after the other',
  provider: 'anthropic',
  seed: 4,
  workload: { users: 12, think: 30_000, questions: 5, streaming: 0.5 },
  phases: [
    {
      name: 'slow',
      for: 3 * minute,
      faults: [{ surface: ['api'], fault: { id: 'slow-first-byte', params: {} }, share: 0.3 }],
    },
    { name: 'down', for: 4 * minute, faults: everywhere('overloaded') },
    { name: 'limited', for: 2 * minute, limits: [{ surface: ['api'], requests: 6 }] },
    { name: 'down-again', for: 3 * minute, faults: everywhere('unavailable') },
  ],
  events: [{ at: { phase: 'limited', offset: 0 }, restart: true }],
}

test('a failure is made smaller as long as its own oracle fails; other failures are kept for later', async () => {
  const attempt = createTry({ integration: eagerAndSorry })
  const tried = await attempt(long, 'random', { whole: true })
  expect(tried.failed).toEqual(expect.arrayContaining(['bounded-attempts', 'failure-is-not-success']))

  const hot = await shrink(tried, { oracle: 'bounded-attempts', attempt, catalogue: shipped })
  expect(hot.isMinimal).toBe(true)
  expect(phasesOf(hot.scenario)).toHaveLength(1)
  expect(hot.scenario).toMatchObject({ workload: { users: 1 } })
  expect(hot.scenario.events).toBeUndefined()
  expect(hot.scenario.seed).toBeUndefined()
  const again = await attempt(hot.scenario, 'shrink', { whole: true })
  expect(again.failed).toContain('bounded-attempts')
})

test('what must go on to the end is run to its end', async () => {
  const attempt = createTry({ integration: givesUpForGood })
  const tried = await attempt(long, 'random', { whole: true })
  expect(tried.failed).toContain('recovers')
  const { scenario } = await shrink(tried, { oracle: 'recovers', attempt, catalogue: shipped, toEnd: true })
  expect(phasesOf(scenario)).toHaveLength(1)
  expect((await attempt(scenario, 'shrink', { whole: true })).failed).toContain('recovers')
})

/** A client that fails `a` while there is a phase called down, and `b` in all other outages. */
function pretend(asked: Scenario[] = []) {
  const made = (scenario: Scenario, failed: readonly string[]) =>
    ({ scenario, origin: 'shrink', failed, attempts: 1 }) as unknown as Tried
  return async (scenario: Scenario) => {
    asked.push(scenario)
    return made(scenario, phasesOf(scenario).some(({ name }) => name === 'down') ? ['a'] : ['b'])
  }
}

test('an outage that fails something else instead is no step', async () => {
  const attempt = pretend()
  const { scenario, others } = await shrink(await attempt(long), { oracle: 'a', attempt, catalogue: shipped })
  expect(phasesOf(scenario).map(({ name }) => name)).toEqual(['down'])
  expect(others.length).toBeGreaterThan(0)
  expect(others.every(({ failed }) => failed.includes('b'))).toBe(true)
})

test('when runs are used up the smallest so far is what there is', async () => {
  const asked: Scenario[] = []
  const attempt = pretend(asked)
  const tried = await attempt(long)
  const { isMinimal, runs } = await shrink(tried, { oracle: 'a', attempt, catalogue: shipped, runsAtMost: 5 })
  expect({ isMinimal, runs, asked: asked.length }).toEqual({ isMinimal: false, runs: 5, asked: 6 })
})

test('a failure by chance must show with each of the seeds', async () => {
  const seeds: (number | undefined)[] = []
  const attempt = async (scenario: Scenario, _origin: unknown, how?: { seed?: number }) => {
    seeds.push(how?.seed)
    const failed = how?.seed === 3 ? [] : ['a']
    return { scenario, origin: 'shrink', failed, attempts: 1 } as unknown as Tried
  }
  const tried = await attempt(long, 'random')
  const { scenario } = await shrink(tried, { oracle: 'a', attempt, catalogue: shipped, seeds: [1, 3], runsAtMost: 20 })
  expect(scenario).toBe(long)
  expect(new Set(seeds.slice(1))).toEqual(new Set([1, 3]))
})
