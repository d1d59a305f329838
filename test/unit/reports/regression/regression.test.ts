import { expect, test } from 'vitest'
import bareSdk from '../../../../src/clients/bare-sdk.ts'
import { journalLines } from '../../../../src/journal/journal.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { type JudgedWith, recordedRun } from '../../../../src/reports/recorded/recorded-run.ts'
import { regressionOf } from '../../../../src/reports/regression/regression.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import type { RunResult } from '../../../../src/run/result.ts'
import { runScenario } from '../../../../src/run/run-scenario.ts'
import { failedTask, JournalBuilder } from '../../../support/journal-builder.ts'

const scenario = `
blackstart: 1
id: two-waves
title: Two waves
workload: { users: 12, think: 20s }
phases:
  - { repeat: { times: 2, phases: [{ name: wave, for: 3m, faults: [{ surface: api, fault: black-hole }] }, { name: calm, for: 2m }] } }
  - { name: errors, for: 4m, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 5m }
faults:
  - { from: wave + 1m, until: end - 1m, surface: login, fault: overloaded }
status_page:
  - { at: wave + 1m, incident: investigating, components: { api: major_outage } }
  - { at: clear, incident: resolved }
stop_when: [{ outcome: degraded, above: 99%, over: 20m }]
expect:
  - settles: { within: 30s }
  - bounded-attempts: { fail_above: 2, during: errors }
`

const plain: JudgedWith = { catalogue }

const live = (text: string): Promise<RunResult> => runScenario({ scenario: text, integration: bareSdk, seed: 7 })
let waves: Promise<RunResult> | undefined
/** One run is enough for all. */
const twoWaves = () => (waves ??= live(scenario))

const read = ({ journal }: RunResult, options = plain) =>
  recordedRun([...journalLines(journal)].join(''), 'run.jsonl', options)

const numberOf = (run: ReturnType<typeof read>, oracle: string) =>
  run.result.findings.findIndex(finding => finding.oracle === oracle) + 1

test('a finding becomes a scenario that fails for it alone, on the same client', { timeout: 60_000 }, async () => {
  const run = read(await twoWaves())
  const { text, scenario: made } = regressionOf(run, numberOf(run, 'settles'), plain)

  expect(text).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=./node_modules/blackstart/scenario.schema.json
    # Made of a finding: bare-sdk in two-waves, seed 7.
    # settles, in wave: 12 of 12 tasks were not settled within 30s; the longest, t53, took 10m1s.
    # Run it with that client. It fails as long as this is so, and passes once it is mended.
    blackstart: 1
    id: two-waves-settles
    title: settles in wave, as found in Two waves
    provider: anthropic
    seed: 7
    phases:
      - repeat:
          times: 2
          phases:
            - name: wave
              for: 3m
              faults:
                - { surface: api, fault: black-hole }
            - name: calm
              for: 2m
      - name: errors
        for: 4m
        faults:
          - { surface: api, fault: overloaded }
      - name: clear
        for: 5m
    faults:
      - { from: wave + 1m, until: end - 1m, surface: login, fault: overloaded }
    status_page:
      - { at: wave + 1m, incident: investigating, components: { api: major_outage } }
      - { at: clear, incident: resolved }
    workload:
      users: 12
      instances: 1
      tenants: 3
      questions: 50
      think: 20s
      streaming: 10%
      critical: 10%
    expect:
      - settles: { within: 30s, during: wave }
      - bounded-attempts: off
    "
  `)
  const again = await runScenario({ scenario: text, integration: bareSdk })
  expect(again.reason).toBe('Failed: settles.')
  expect(again.findings.filter(({ severity }) => severity === 'fail').every(({ phase }) => phase === 'wave')).toBe(true)
  expect(made.seed).toBe(7)
})

test('what is expected of one phase stays with it, and the phases before it', { timeout: 60_000 }, async () => {
  const run = read(await twoWaves())
  const { scenario: made } = regressionOf(run, numberOf(run, 'bounded-attempts'), plain)

  expect(made.expect).toEqual([
    { oracle: 'bounded-attempts', params: { fail_above: 2 }, during: ['errors'] },
    { oracle: 'settles', off: true },
  ])
  expect(made.phases.at(-1)).toMatchObject({ name: 'errors' })
  const again = await runScenario({ scenario: made, integration: bareSdk })
  expect(again.reason).toBe('Failed: bounded-attempts.')
  // Up to the cut it is the same run, to the request.
  const untilThen = ({ journal }: RunResult) =>
    journal.flatMap(event =>
      event.type === 'attempt-started' && event.t < 14 * 60_000 ? [[event.t, event.entry]] : [],
    )
  expect(untilThen(again)).toEqual(untilThen(run.result))
})

test('a warning becomes a failure where its check has a word for that', { timeout: 60_000 }, async () => {
  const down =
    'blackstart: 1\nid: down\nworkload: { users: 12, think: 20s }\nphases: [{ name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }]\n'
  const run = read(await live(down))
  const { scenario: made, notices } = regressionOf(run, numberOf(run, 'retry-amplification'), plain)

  expect(made.expect?.[0]).toMatchObject({ oracle: 'retry-amplification', params: { fail_above: 2 } })
  expect(notices).toEqual(['retry-amplification only warned; here it fails.'])
  const again = await runScenario({ scenario: made, integration: bareSdk })
  expect(again.reason).toBe('Failed: retry-amplification.')
})

test('thresholds of a config are in the scenario, which is run without it', async () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 5; i++) failedTask(journal, i * 20_000)
  journal.task(100_000).settle(112_000, 'failed')
  const strict = { catalogue, thresholds: { settles: { within: 10_000 } } }
  const run = recordedRun([...journalLines(journal.events())].join(''), 'run.jsonl', strict)

  const { scenario: made } = regressionOf(run, numberOf(run, 'settles'), strict)

  expect(made.expect?.[0]).toEqual({ oracle: 'settles', params: { within: 10_000 }, during: ['blackout'] })
})

test('what no scenario can name is told, and the scenario stands without it', () => {
  const journal = new JournalBuilder()
  failedTask(journal, 1_000)
  journal.note(2_000, 'unhandled-rejection', 'Error: nobody caught it', 't1')
  const run = recordedRun([...journalLines(journal.events())].join(''), 'run.jsonl', plain)

  const { scenario: made, notices } = regressionOf(run, numberOf(run, 'conduct'), plain)

  expect(made.expect).toEqual([])
  expect(notices).toEqual(['conduct is judged in every run, and no scenario names it.'])
})

test('a finding that is not there is refused with those that are', () => {
  const journal = new JournalBuilder()
  journal.task(1_000).settle(400_000, 'failed')
  const run = recordedRun([...journalLines(journal.events())].join(''), 'run.jsonl', plain)

  expect(() => regressionOf(run, 7, plain)).toThrow(
    new UsageError('There is no finding 7 in it: it has 1 finding.', '1 settles'),
  )
})

test('texts of a journal cannot break out of the head of the scenario', () => {
  const journal = new JournalBuilder()
  journal.task(1_000).settle(400_000, 'failed')
  const events = journal
    .events()
    .map(event =>
      event.type === 'run-started' ? { ...event, client: 'x\nseed: 99\n\u0000', scenarioId: 'a\nb: c' } : event,
    )
  const run = recordedRun([...journalLines(events)].join(''), 'run.jsonl', plain)

  const { scenario: made } = regressionOf(run, 1, plain)

  expect(made.seed).toBe(1)
})
