import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { phasesOf } from '../../../src/arbitraries/parts.ts'
import { parseScenario } from '../../../src/index.ts'
import type { Integration } from '../../../src/model/integration.ts'
import { type Campaign, type CampaignOptions, runCampaign } from '../../../src/search/campaign.ts'
import { replayFile } from '../../../src/search/replay.ts'
import type { Replay } from '../../../src/search/types.ts'
import { givesUpForGood, honest, remembersRuns, sorry } from './clients.ts'

const corpus = mkdtempSync(join(tmpdir(), 'corpus-'))
afterAll(() => rmSync(corpus, { recursive: true, force: true }))

const search = (integration: Integration<never> | Integration, options: Partial<CampaignOptions> = {}) =>
  // An integration of any app will do: it is given its own app alone.
  runCampaign({ integration: integration as Integration, runs: 40, ...options })

describe('a client that takes an error for an answer', () => {
  let campaign: Campaign

  test('is found out, and the outage is as small as can be', async () => {
    campaign = await search(sorry, { corpus, findingsAtMost: 1 })
    const [found] = campaign.counterexamples
    expect(found).toMatchObject({ oracle: 'failure-is-not-success', confirmed: true })
    expect(found?.diverged).toBeUndefined()
    expect(phasesOf(found?.scenario ?? { phases: [] })).toHaveLength(1)
    expect(found?.scenario.workload).toMatchObject({ users: 1 })
    expect(campaign.firstFailureMs).toBeGreaterThan(0)
  })

  test('the file has a title, what failed, how to see it again, and where it comes from', () => {
    const [found] = campaign.counterexamples
    const [name = ''] = readdirSync(corpus)
    expect(name).toBe(found?.fileName)
    expect(name).toMatch(/^failure-is-not-success-[0-9a-f]{8}\.yaml$/)
    const text = readFileSync(join(corpus, name), 'utf8')
    expect(text).toContain(`npx blackstart replay ${name} --client FILE`)
    const { scenario, diagnostics } = parseScenario(text)
    expect(diagnostics).toEqual([])
    expect(scenario?.title).toMatch(/^failure-is-not-success fails: .+ on api\.messages for /)
    expect(scenario?.found).toMatchObject({
      oracle: 'failure-is-not-success',
      verdict: 'fail',
      journal_hash: found?.journalHash,
      provenance: { client: 'sorry', search_seed: 1, engine: 'msw', node: process.versions.node },
    })
    expect(text).not.toContain(corpus)
  })

  test('the next search begins with the file, and does not look for it again', async () => {
    const replays: Replay[] = []
    const again = await search(sorry, { corpus, runs: 3, onCorpus: replay => void replays.push(replay) })
    expect(replays).toMatchObject([{ status: 'as-expected', expected: 'fail', sameJournal: true }])
    expect(again.counterexamples.map(({ oracle }) => oracle)).not.toContain('failure-is-not-success')
  })

  test('a file that a mended client holds is told as mended, and is kept as a test that it must hold', async () => {
    const [name = ''] = readdirSync(corpus)
    const file = join(corpus, name)
    const mended = { ...honest, name: 'sorry' } as Integration
    expect(await replayFile(file, { integration: mended })).toMatchObject({ status: 'fixed', expected: 'fail' })
    writeFileSync(file, readFileSync(file, 'utf8').replace('verdict: fail', 'verdict: pass'))
    expect(await replayFile(file, { integration: mended })).toMatchObject({ status: 'as-expected' })
    expect(await replayFile(file, { integration: sorry as Integration })).toMatchObject({ status: 'regressed' })
  })

  test('a file of another client is left alone, and what is no found file is said', async () => {
    const other = await search(honest, { corpus, runs: 1 })
    expect(other.corpus).toMatchObject([{ status: 'other-client' }])
    const plain = join(corpus, 'plain.yml')
    writeFileSync(plain, 'blackstart: 1\nid: plain\nphases: []\n')
    const replay = await replayFile(plain, { integration: honest as Integration })
    expect(replay).toMatchObject({ status: 'unreadable' })
    expect(replay.says).toContain('has no `found`')
  })
})

test('a client that does not come back is found by what shows only at the end', async () => {
  const { counterexamples } = await search(givesUpForGood, { findingsAtMost: 1 })
  expect(counterexamples).toMatchObject([{ confirmed: true }])
  expect(['recovers', 'model-comes-back']).toContain(counterexamples[0]?.oracle)
  expect(phasesOf(counterexamples[0]?.scenario ?? { phases: [] }).length).toBeLessThanOrEqual(3)
})

test('a sound client is accused of nothing', async () => {
  const tried: string[] = []
  const campaign = await search(honest, { runs: 12, onTried: ({ origin }) => void tried.push(origin) })
  expect(campaign).toMatchObject({ counterexamples: [], problem: undefined, diverged: undefined, passing: [] })
  expect(tried.filter(origin => origin === 'random')).toHaveLength(12)
})

test('a client of which two clean runs differ is not judged, and the first difference is named', async () => {
  const campaign = await search(remembersRuns)
  expect(campaign.diverged).toMatch(/^line \d+ of the journal, .+: .+bodyHash/)
  expect(campaign.runs).toBe(0)
})

test('a client that does not get through a healthy stretch is not searched', async () => {
  const broken: Integration = {
    name: 'broken',
    perform() {
      throw new Error('no')
    },
  }
  expect((await search(broken)).problem).toContain('settled well in the healthy warm-up')
})

test('the same seed tries the same outages, and shards share them out', async () => {
  const texts = async (options: Partial<CampaignOptions>) => {
    const tried: string[] = []
    await search(honest, {
      ...options,
      onTried: one => void (one.origin === 'random' && tried.push(JSON.stringify(one.scenario))),
    })
    return tried
  }
  const all = await texts({ runs: 4, seed: 3 })
  expect(await texts({ runs: 4, seed: 3 })).toEqual(all)
  const first = await texts({ runs: 2, seed: 3, shard: { index: 1, of: 2 } })
  const second = await texts({ runs: 2, seed: 3, shard: { index: 2, of: 2 } })
  expect(first.flatMap((one, i) => [one, second[i]])).toEqual(all)
})
