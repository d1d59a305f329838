import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import bareSdk from '../../../../src/clients/bare-sdk.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { journalLines } from '../../../../src/journal/journal.ts'
import { recordedRun } from '../../../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { runScenario } from '../../../../src/run/run-scenario.ts'
import { startOutage } from '../../../../src/testing/start-outage.ts'
import { failedTask, healthyTask, JournalBuilder } from '../../../support/journal-builder.ts'

const textOf = (events: readonly JournalEvent[]) => [...journalLines(events)].join('')
const read = (events: readonly JournalEvent[]) => recordedRun(textOf(events), 'run.jsonl', { catalogue })

const scenario = `
blackstart: 1
id: mixed
workload: { users: 20, think: 20s }
phases:
  - name: down
    for: 4m
    faults:
      - { surface: api, fault: black-hole, share: 20%, sticky: user }
      - { surface: api, mix: [{ fault: overloaded, share: 60% }, { fault: internal-error, share: 40% }] }
      - { surface: login, fault: overloaded }
  - name: limited
    for: 3m
    limits: [{ surface: api, requests: 30/m }]
  - { repeat: { times: 2, phases: [{ name: up, for: 30s }, { name: flap, for: 30s, faults: [{ surface: api, fault: reset, when: { every: 2 } }] }] } }
faults:
  - { from: limited + 1m, until: limited + 2m, surface: api, fault: unavailable, share: { from: 10%, to: 90% } }
expect:
  - settles: { within: 30s }
`

test('a simulation read from its journal comes to what it came to live', async () => {
  const live = await runScenario({ scenario, integration: bareSdk })
  const { result, isSteered, isTorn } = read(live.journal)

  const shown = ({ verdict, exitCode, reason, findings, journalHash, simulatedMs, seed, client }: typeof live) => {
    return { verdict, exitCode, reason, findings, journalHash, simulatedMs, seed, client }
  }
  expect(shown(result)).toEqual(shown(live))
  expect(live.findings.map(({ oracle }) => oracle)).toContain('settles')
  const landed = ({ faults }: typeof live) =>
    faults.map(({ id, entry, status, eligible, hits, line }) => ({ id, entry, status, eligible, hits, line }))
  expect(landed(result)).toEqual(landed(live))
  expect(result.oracles.map(({ id, status }) => [id, status])).toEqual(
    live.oracles.map(({ id, status }) => [id, status]),
  )
  expect({ isSteered, isTorn }).toEqual({ isSteered: false, isTorn: false })
})

test('what a test injected is in the plan again, as long as it lasted', async () => {
  const quiet = {
    blackstart: 1,
    id: 'quiet',
    provider: 'anthropic',
    phases: [{ name: 'quiet', for: 30 * 60_000 }],
  } as const
  const outage = await startOutage(quiet, { client: bareSdk, users: 5 })
  await outage.goto('quiet + 10m')
  outage.inject({ surface: 'api', fault: 'overloaded', for: '5m' })
  const live = await outage.finish()

  const { result, isSteered } = read(live.journal)

  expect(result.plan.tracks.map(({ path, startMs, endMs }) => [path, startMs, endMs])).toEqual([
    ['faults[0]', 600_000, 900_000],
  ])
  expect(result.faults).toMatchObject([{ id: 'overloaded', status: 'landed', hits: live.faults[0]?.hits }])
  expect(isSteered).toBe(true)
})

test('of a journal that breaks off only what must hold at any time is judged, and it says so', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 5; i++) failedTask(journal, i * 20_000, {})
  journal.task(200_000)
  const whole = journal.events()
  const torn = read(whole.slice(0, -1).filter(({ t }) => t <= 200_000))

  expect(torn.isTorn).toBe(true)
  expect(torn.result.verdict).toBe('inconclusive')
  expect(torn.result.reason).toBe(
    'Ended before its time: the journal breaks off at 3:20. What comes after is not known.',
  )
  expect(torn.result.oracles.find(({ id }) => id === 'recovers')).toBeUndefined()
  expect(read(whole).result.oracles.find(({ id }) => id === 'recovers')).toBeDefined()
})

test.each([
  ['steady-state', 3, 'The app was not well in the healthy warm-up: nothing was injected.'],
  ['start-failed', 3, 'The app did not start: nothing was injected.'],
  ['stopped', 4, 'Stopped: somebody ended it before its time.'],
  ['interrupted', 130, 'Interrupted; clean-up is done.'],
] as const)('a run that ended with %s is inconclusive (exit %i)', (reason, exitCode, says) => {
  const events = new JournalBuilder().events()
  const ended = events.map(event => (event.type === 'run-ended' ? { ...event, reason } : event))

  expect(read(ended).result).toMatchObject({ verdict: 'inconclusive', exitCode, reason: says })
})

test('a drill that was faster than the app judges no time, unless its timers were hurried', () => {
  const journal = new JournalBuilder()
  failedTask(journal, 1_000)
  journal.task(2_000).settle(400_000, 'failed')
  const asDrill = (events: readonly JournalEvent[]) =>
    events.map(event =>
      event.type === 'run-started'
        ? { ...event, engine: 'loopback', workload: { users: 1, instances: 1, speed: 60 } }
        : event,
    )
  const settlesOf = (events: readonly JournalEvent[]) =>
    read(asDrill(events)).result.oracles.find(({ id }) => id === 'settles')

  expect(settlesOf(journal.events())).toMatchObject({
    status: 'vacuous',
    reason: "not judged at this speed: the scenario went 60 times as fast, and the app's own timers did not",
  })
  journal.add({ type: 'mark', t: 500_000, mark: 'timers-hurried' })
  expect(settlesOf(journal.events())?.status).toBe('fail')
})

test('a phase is where it was entered, whatever marks somebody made by hand', () => {
  const events = new JournalBuilder()
    .events()
    .map(event => (event.type === 'phase-entered' && event.phase === 'healed' ? { ...event, t: 420_000 } : event))
  const marked: JournalEvent[] = [
    ...events.slice(0, 2),
    { type: 'mark', t: 1_000, mark: 'held', says: 'the line on the phone' },
    { type: 'mark', t: 2_000, mark: 'extended', says: 'our patience' },
    { type: 'mark', t: 3_000, mark: 'injected', says: 'a cup of coffee' },
    ...events.slice(2),
  ]

  const { result } = read(marked)

  expect(result.plan.phases.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
    ['blackout', 0, 420_000],
  ])
  expect(result.plan.tracks).toEqual([])
})

test('a scenario with a fault that is not known here says how it would be', () => {
  const journal = new JournalBuilder(
    undefined,
    'blackstart: 1\nid: x\nphases: [{ name: a, for: 1m, faults: [{ surface: api, fault: ours }] }]\n',
  )

  expect(() => read(journal.events())).toThrow('run.jsonl: the scenario in it cannot be read.\nten-minutes-down:3:')
})

const folder = new URL('../../../../fixtures/journals/', import.meta.url)
// A real journal begins with its first line; what is made by hand may have a warm-up before it.
const fixtures = readdirSync(folder).filter(name =>
  readFileSync(new URL(name, folder), 'utf8').startsWith('{"type":"run-started"'),
)

test('every journal that an oracle must fail fails it again, read from its file', () => {
  const byDefault = fixtures.filter(name => {
    const oracle = catalogue.oracles.get(name.split('.')[0] ?? '')
    return name.endsWith('.fail.jsonl') && oracle?.byDefault
  })
  const missed = byDefault.filter(name => {
    const { result } = recordedRun(readFileSync(new URL(name, folder), 'utf8'), name, { catalogue })
    return !result.findings.some(({ oracle }) => oracle === name.split('.')[0])
  })

  expect(byDefault.length).toBeGreaterThan(25)
  expect(missed).toEqual([])
})

test('a healthy journal has no finding', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 20; i++) healthyTask(journal, 620_000 + i * 5_000)

  expect(read(journal.events()).result.findings).toEqual([])
})
