import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import failFast from '../../../fixtures/clients/fail-fast.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { goNoGo } from '../../../src/cli/gameday/go-no-go.ts'
import { findScenarios } from '../../../src/cli/registry.ts'
import bareSdk from '../../../src/clients/bare-sdk.ts'
import { respondersCopy } from '../../../src/gameday/run-of-show.ts'
import { writtenWords } from '../../../src/gameday/score/status-page.ts'
import type { Integration } from '../../../src/model/integration.ts'
import { compilePlan, instantMs } from '../../../src/model/timeline.ts'
import { catalogueWith } from '../../../src/run/catalogue.ts'
import { runScenario } from '../../../src/run/run-scenario.ts'
import { outOfRunDiagnostics, readGameDay } from '../../../src/scenario/index.ts'
import { minute } from '../../support/journal-builder.ts'

const catalogue = catalogueWith({})
const path = resolve(import.meta.dirname, '../../../examples/game-day/claude-2026-03-02.yaml')

function example() {
  const { scenario, diagnostics, positions } = readGameDay(path, { catalogue, find: word => word })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return { scenario, positions, plan: compilePlan(scenario, catalogue.faults) }
}

test('the ready game day takes two hours, and everything in it happens within them', () => {
  const { scenario, positions, plan } = example()
  const { injects = [], actions = [] } = scenario.game_day ?? {}

  expect(plan.lengthMs).toBe(120 * minute)
  expect(outOfRunDiagnostics(scenario, positions, path)).toEqual([])
  const times = [...injects.map(({ at }) => at), ...actions.flatMap(({ by }) => by ?? [])]
  expect(times.length).toBeGreaterThan(12)
  for (const at of times) expect(instantMs(at, plan.phases, plan.lengthMs)).toBeLessThan(plan.lengthMs)
})

test('its status page is late, wrong and retracted, as that of the precedent', () => {
  const { scenario, plan } = example()
  const words = writtenWords(plan)

  expect(scenario.basis?.precedent).toBe('claude-2026-03-02')
  expect(words[0]).toEqual({ t: 12 * minute, says: 'investigating; chat partial outage' })
  expect(words.map(({ says }) => says).join('\n')).toMatch(
    /api operational; "The API works as intended.*\n.*\n.*api partial outage.*the update before is gone/,
  )
})

test('it is felt: the plain SDK loses a tenth and more behind its retries, and even one attempt comes to the end', async () => {
  const { scenario, plan } = example()
  const failedOf = async (integration: Integration) => {
    const { journal, faults } = await runScenario({ scenario, integration })
    const ended = journal.filter(event => event.type === 'task-settled')
    const until = plan.phases.find(({ name }) => name === 'api-cleared')?.startMs ?? 0
    const first = ended.filter(({ t }) => t >= 0 && t < until)
    const share = first.filter(({ outcome }) => outcome === 'failed').length / first.length
    return { share, end: journal.at(-1), felt: faults.filter(({ status }) => status === 'landed').length }
  }

  const [plain, once] = [await failedOf(bareSdk), await failedOf(failFast)]

  expect(plain.share).toBeGreaterThan(0.1)
  expect(plain.felt).toBe(3)
  expect(once.share).toBeGreaterThan(0.5)
  for (const { end } of [plain, once]) expect(end).toMatchObject({ type: 'run-ended', reason: 'complete' })
})

test('it is found by its id alone, from any folder, and ships', () => {
  expect(findScenarios('game-day-claude-2026-03-02', tmpdir()).map(target => target.path)).toEqual([path])
  expect(manifest.files).toContain('examples/game-day')
})

test('responders are not told of any of it, and the list asks three things of people', () => {
  const { scenario, plan } = example()
  const copy = respondersCopy(plan)
  const surroundings = { request: { passThrough: undefined, listen: undefined }, env: {}, isConfirmed: false }

  for (const { ticket, mail, question, chat } of scenario.game_day?.injects ?? [])
    expect(copy).not.toContain(ticket ?? mail ?? question ?? chat)
  expect(copy).not.toMatch(/overloaded|internal-error|aftershock|2026/)
  const items = goNoGo(scenario.game_day ?? {}, surroundings)
  expect(items.map(({ state }) => state)).toEqual(['no-go', 'go', 'later', 'later', 'ask', 'ask', 'ask'])
})
