import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Integration } from '../../../src/model/integration.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { type CampaignOptions, runCampaign } from '../../../src/search/campaign.ts'
import { explore, frameOf } from '../../../src/search/explore.ts'
import { ordealsOf } from '../../../src/search/ordeals.ts'
import { failingRelations, type RelateOptions, relate } from '../../../src/search/relate.ts'
import { replayFile } from '../../../src/search/replay.ts'
import { split, whole } from '../../../src/search/shard.ts'
import { createTry } from '../../../src/search/try.ts'
import type { Tried, TryOptions } from '../../../src/search/types.ts'
import { withRelation } from '../../../src/search/with-relation.ts'
import { asksTwiceAsOften, honest, sorry } from './clients.ts'

const corpus = mkdtempSync(join(tmpdir(), 'relations-'))
afterAll(() => rmSync(corpus, { recursive: true, force: true }))

const search = (integration: Integration<never> | Integration, options: Partial<CampaignOptions> = {}) =>
  runCampaign({ integration: integration as Integration, timeMs: 60_000, stages: [relate], ...options })

/** What relations are judged on, and for which of them. */
async function related(client: Integration<never> | Integration, options: Partial<RelateOptions> = {}) {
  const integration = client as Integration
  const tried: Tried[] = []
  const hows: (readonly string[])[] = []
  const attempt = createTry({ integration })
  const watched: RelateOptions['attempt'] = (scenario, origin, how: TryOptions = {}) => {
    hows.push(how.relations ?? [])
    return attempt(scenario, origin, how)
  }
  const frame = await frameOf(integration)
  for await (const one of relate({ frame, attempt: watched, relations: () => ['null-run'], ...options }))
    tried.push(one)
  return { tried, hows }
}

const idsOf = (tried: readonly Tried[]) => tried.map(({ scenario }) => scenario.id)

test('a failure that shows only beside another run is made small, and written so that a replay compares again', async () => {
  const { counterexamples } = await search(asksTwiceAsOften, { corpus, findingsAtMost: 1 })
  const [found] = counterexamples

  expect(found).toMatchObject({ oracle: 'monotone-probing', origin: 'relations', confirmed: true })
  expect(found?.diverged).toBeUndefined()
  expect(found?.scenario.phases).toHaveLength(1)
  expect(found?.text).toMatch(/^expect:\n {2}- monotone-probing$/m)
  const replay = await replayFile(found?.file ?? '', { integration: asksTwiceAsOften as Integration })
  expect(replay).toMatchObject({ status: 'as-expected', expected: 'fail', sameJournal: true })
}, 60_000)

test('a scenario keeps what it expects of the relation that failed, and of no other', () => {
  const expected = { oracle: 'monotone-probing', params: { severity: 'fail' } }
  const scenario: Scenario = {
    ...{ blackstart: 1, id: 'one', provider: 'anthropic', phases: [] },
    expect: [{ oracle: 'settles' }, { oracle: 'null-run' }, expected],
  }

  expect(withRelation(scenario, 'monotone-probing').expect).toEqual([{ oracle: 'settles' }, expected])
  expect(withRelation(scenario, 'settles').expect).toEqual([{ oracle: 'settles' }])
  expect(withRelation(scenario, 'irrelevance').expect).toEqual([{ oracle: 'settles' }, { oracle: 'irrelevance' }])
})

test('a sound client is compared in every way that fits it, and accused of nothing', async () => {
  const origins: string[] = []
  const campaign = await search(honest, { onTried: ({ origin }) => void origins.push(origin) })

  expect(campaign).toMatchObject({ counterexamples: [], passing: [] })
  expect(origins.filter(origin => origin === 'relations')).toHaveLength(4)
}, 60_000)

test('where something fails already, only what the client expects or somebody asks for is compared', async () => {
  const compared = async (options: Partial<CampaignOptions>) => {
    const origins: string[] = []
    const stages: CampaignOptions['stages'] = [context => relate({ ...context, atMost: 1 })]
    await search(honest, { stages, known: ['settles'], ...options, onTried: one => void origins.push(one.origin) })
    return origins.includes('relations')
  }

  expect(await compared({})).toBe(false)
  expect(await compared({ relations: ['null-run'] })).toBe(true)
  // A number of runs is a promise of what is tried.
  expect(await compared({ runs: 1 })).toBe(true)
})

test('an outage that fails by itself is told as such, and not compared', async () => {
  const { tried, hows } = await related(sorry, { atMost: 1 })

  expect(tried.map(({ failed }) => failed)).toEqual([['failure-is-not-success']])
  expect(hows).toEqual([[]])
})

test('shards compare disjoint outages, together all of them, and one goes on where another left it', async () => {
  const { tried } = await related(sorry)
  const attempt = async (scenario: Scenario) => ({ ...first(tried), scenario })
  const ids = async (options: Partial<RelateOptions>) => idsOf((await related(sorry, { attempt, ...options })).tried)
  const parts: string[] = []
  for (const shard of split(whole, 2)) parts.push(...(await ids({ shard })))

  expect(parts.toSorted()).toEqual(idsOf(tried).toSorted())
  expect(await ids({ from: 3 })).toEqual(idsOf(tried).slice(3))
})

function first(tried: readonly Tried[]): Tried {
  const [one] = tried
  if (!one) throw new Error('Nothing was tried.')
  return one
}

test('a client that doubles its requests all through an outage is looked at no longer than it takes', async () => {
  const attempts: number[] = []
  const integration = asksTwiceAsOften as Integration
  const { frame } = await explore({ integration, onProgress: so => void attempts.push(so.attempts) })

  expect(frame.surfaces.map(({ name }) => name)).toEqual(['anthropic.api.messages'])
  expect(Math.max(...attempts)).toBeLessThan(6_000)
})

test('a scenario of one’s own comes first, and a client that says it copes meets a provider at its limit', async () => {
  const copes: Integration = { ...(honest as Integration), assumes: { expect: [{ oracle: 'not-metastable' }] } }
  const base = { blackstart: 1, id: 'own', provider: 'anthropic', phases: [], expect: [{ oracle: 'answers' }] } as const
  const ordeals = ordealsOf(await frameOf(copes), base)

  expect(ordeals.map(({ id }) => id)).toEqual(['own', 'over-soon', 'at-its-limit', 'until-then', 'unheard', 'in-part'])
  expect(ordeals[0]).not.toHaveProperty('expect')
  expect(ordeals[2]?.capacity?.[0]).toMatchObject({ surface: ['api.messages'], reject_cost: 0.33 })
})

test('what only warns is not searched for, unless somebody makes it fail', () => {
  const usual = failingRelations()

  expect(usual).toContain('clock-robust')
  expect(usual).not.toContain('time-translation')
  expect(failingRelations([{ oracle: 'time-translation', params: { severity: 'fail' } }])).toContain('time-translation')
  expect(failingRelations([], { 'time-translation': { severity: 'fail' } })).toContain('time-translation')
  expect(failingRelations([{ oracle: 'clock-robust', off: true }])).not.toContain('clock-robust')
})
