import { Anthropic } from '@anthropic-ai/sdk'
import { afterEach, expect, test } from 'vitest'
import { type OpenDrill, openDrill } from '../../src/drill/open-drill.ts'
import { journalLines } from '../../src/journal/journal.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import type { Plan } from '../../src/model/timeline.ts'
import { postIncident } from '../../src/reports/post-incident/document.ts'
import { recordedRun } from '../../src/reports/recorded/recorded-run.ts'
import { regressionOf } from '../../src/reports/regression/regression.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import type { RunResult } from '../../src/run/result.ts'
import { parseScenario } from '../../src/scenario/index.ts'

const asksForEver = defineIntegration<Anthropic>({
  name: 'asks-for-ever',
  start: () => new Anthropic({ maxRetries: 6, timeout: 5_000 }),
  perform: (anthropic, { prompt }) =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: prompt }],
    }),
})

const text = `
blackstart: 1
id: steered
steady_state: { for: 1500ms, at_least: 0% }
workload: { users: 6, think: 150ms, streaming: 0 }
answers: [{ says: "Yes." }]
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: never, for: 10m, faults: [{ surface: api, fault: unavailable }] }
  - { name: clear, for: 1s }
expect:
  - bounded-attempts: { fail_above: 1 }
`

let open: OpenDrill | undefined

afterEach(async () => {
  open?.session.interrupt()
  await open?.session.result
})

async function start(): Promise<OpenDrill> {
  const { scenario } = parseScenario(text, { catalogue })
  if (!scenario) throw new Error('The scenario of this test is not valid.')
  open = await openDrill({
    ...{ scenario, scenarioText: text, integration: asksForEver, engine: 'loopback', speed: 1, healedMs: 500 },
  })
  return open
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** When things were in force. */
const edges = ({ phases, tracks }: Plan) => [...phases, ...tracks].flatMap(({ startMs, endMs }) => [startMs, endMs])

/** By how much two plans differ at most, ms; a mark is written a moment after what it tells. */
const apart = (one: Plan, other: Plan) =>
  Math.max(...edges(one).map((t, i) => Math.abs(t - (edges(other)[i] ?? Number.POSITIVE_INFINITY))))

const recorded = ({ journal }: RunResult) =>
  recordedRun([...journalLines(journal)].join(''), 'drill.jsonl', { catalogue })

test('a journal of a drill that people steered gives its plan, its landing and its findings back', {
  timeout: 30_000,
}, async () => {
  const { session } = await start()
  while (session.state().stage !== 'outage') await pause(20)
  await pause(700)
  session.hold()
  await pause(300)
  session.release()
  session.goto('clear')
  const { entry } = session.inject({ surface: 'api', fault: 'internal-error', share: 0.5 })
  await pause(400)
  session.stopInjected(entry)
  session.mark('detected', 'the pager rang')
  const live = await session.result

  const run = recorded(live)

  expect(run.isSteered).toBe(true)
  // What people did to it moved it by more.
  expect(apart(run.result.plan, live.plan)).toBeLessThan(200)
  const shown = ({ verdict, reason, faults, findings }: RunResult) => ({
    ...{ verdict, reason, findings },
    faults: faults.map(({ id, entry: path, hits }) => [id, path, hits]),
  })
  expect(shown(run.result)).toEqual(shown(live))
  expect(live.findings.map(({ oracle }) => oracle)).toContain('bounded-attempts')
  const said = postIncident(run, catalogue).timeline.map(({ says }) => says)
  expect(said).toContain('detected: the pager rang')
  expect(said).toContain(`an injected fault was taken back: ${entry}`)

  const number = run.result.findings.findIndex(({ oracle }) => oracle === 'bounded-attempts') + 1
  const { scenario, notices } = regressionOf(run, number, { catalogue })
  expect(scenario.phases.map(phase => 'name' in phase && phase.name)).toEqual(['down', 'clear'])
  expect(scenario.faults).toMatchObject([{ fault: { id: 'internal-error' }, share: 0.5 }])
  expect(notices).toContain('It comes from a drill in real time: a simulation of it may not fail in the same way.')
})

test('what a drill was aborted for stands in its journal', { timeout: 20_000 }, async () => {
  const { session } = await start()
  while (session.state().stage !== 'outage') await pause(20)

  await session.abort('Pagers went off.')
  const run = recorded(await session.result)

  expect(run.result).toMatchObject({ verdict: 'inconclusive', reason: 'Stopped: Pagers went off.' })
})
