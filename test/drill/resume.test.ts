import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Anthropic } from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type OpenDrill, openDrill } from '../../src/drill/open-drill.ts'
import { readResume } from '../../src/drill/resume/read-resume.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { parseJournal } from '../../src/journal/journal.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import { recordedRun } from '../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { parseScenario } from '../../src/scenario/index.ts'

/** Asks once, and says honestly that it failed. */
const honest = defineIntegration<Anthropic>({
  name: 'honest',
  start: () => new Anthropic({ maxRetries: 0, timeout: 5_000 }),
  perform: (anthropic, { prompt }) => ask(anthropic, prompt),
})

const ask = (anthropic: Anthropic, content: string) =>
  anthropic.messages.create({
    model: 'claude-sonnet-5-5',
    max_tokens: 64,
    messages: [{ role: 'user', content }],
  })

const text = `
blackstart: 1
id: show
steady_state: { for: 20s, at_least: 50% }
workload: { users: 6, think: 4s, streaming: 0 }
answers: [{ says: "Yes." }]
phases:
  - { name: one, for: 20s, faults: [{ surface: api, fault: overloaded, share: 60% }] }
  - { name: two, for: 10m, faults: [{ surface: api, fault: bad-request }] }
  - { name: three, for: 20s }
  - { name: four, for: 20s, faults: [{ surface: api, fault: unavailable }] }
status_page: [{ at: one + 3s, incident: investigating, says: "We look into it." }, { at: four + 3s, incident: resolved }]
events: [{ at: four + 5s, traffic: 2x }]
game_day:
  injects:
    - { at: one + 2s, ticket: First, from: a customer }
    - { at: two + 5m, chat: in what is skipped }
    - { at: three + 2s, ticket: Second }
    - { at: four + 2s, ticket: Third }
`
const speed = 20
/** What a busy machine may be late by, ms of the scenario. */
const late = 250 * speed

const folder = mkdtempSync(join(tmpdir(), 'resume-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let open: OpenDrill | undefined
afterEach(async () => {
  open?.session.interrupt()
  await open?.session.result
})

async function start(journal: string): Promise<OpenDrill> {
  const { scenario } = parseScenario(text, { catalogue })
  if (!scenario) throw new Error('The scenario of this test is not valid.')
  open = await openDrill({
    ...{ scenario, scenarioText: text, integration: honest, engine: 'loopback', speed, healedMs: 20_000 },
    ...{ journal, tellsInjects: true },
  })
  return open
}

/** Goes on in the journal as another process would: with what is in it, and nothing else. */
async function resume(journal: string, integration = honest): Promise<OpenDrill> {
  const before = readResume(journal)
  const { scenario } = parseScenario(before.started.scenario, { catalogue })
  if (!scenario) throw new Error('The scenario in the journal is not valid.')
  open = await openDrill({
    ...{ scenario, integration, engine: 'toxiproxy', speed: 1, tellsInjects: true, resume: before },
  })
  return open
}

type Is = (event: JournalEvent) => boolean
const entered =
  (phase: string): Is =>
  event =>
    event.type === 'phase-entered' && event.phase === phase
const marked =
  (mark: string): Is =>
  event =>
    event.type === 'mark' && event.mark === mark

/** The show up to its end, as a facilitator led it; every case takes the journal of it up to some line. */
let whole = ''
let lines: readonly JournalEvent[] = []
beforeAll(async () => {
  const journal = join(folder, 'whole.jsonl')
  const { session } = await start(journal)
  let injected = ''
  const then = new Map<Is, () => void>([
    [entered('two'), () => session.mark('detected', 'the dashboard is red')],
    [marked('detected'), () => session.skip()],
    [entered('three'), () => session.hold()],
    [
      marked('held'),
      () => {
        injected = session.inject({ surface: 'api', fault: 'rate-limited', for: '2m' }).entry
        session.inject({ surface: 'api', fault: 'unavailable', for: '1s' })
      },
    ],
    [
      event => event.type === 'attempt-started' && event.entry === injected && injected !== '',
      () => session.mark('enough'),
    ],
    [marked('enough'), () => session.release()],
    [marked('released'), () => session.extend(5_000)],
  ])
  session.subscribe(event => {
    const now = [...then].find(([is]) => is(event))
    if (!now) return
    then.delete(now[0])
    // A mark made in the middle of another's line would stand before it.
    queueMicrotask(now[1])
  })
  await session.result
  whole = readFileSync(journal, 'utf8')
  lines = parseJournal(whole)
}, 30_000)

/** The journal of a process that was killed as it wrote the line after `is`. */
function killedAfter(name: string, is: Is, more = 0): string {
  const upTo = lines.findIndex(is) + 1 + more
  expect(upTo).toBeGreaterThan(more)
  const path = join(folder, `${name}.jsonl`)
  const all = whole.split('\n')
  writeFileSync(path, `${all.slice(0, upTo).join('\n')}\n${(all[upTo] ?? '').slice(0, 40)}`)
  return path
}

const marksOf = (events: readonly JournalEvent[]) =>
  events.flatMap(event => (event.type === 'mark' ? [event.mark] : []))
const said = (events: readonly JournalEvent[], mark: string) =>
  events.flatMap(event => (event.type === 'mark' && event.mark === mark ? [event.says] : []))
const phasesOf = (events: readonly JournalEvent[]) =>
  events.flatMap(event => (event.type === 'phase-entered' ? [event.phase] : []))
const attemptsAfter = (events: readonly JournalEvent[], is: Is) =>
  events.slice(events.findIndex(is)).flatMap(event => (event.type === 'attempt-started' ? [event] : []))

/** What must hold of any show that was resumed: it is one journal, and a whole one. */
function expectWhole(path: string, before: string): readonly JournalEvent[] {
  const now = readFileSync(path, 'utf8')
  expect(now.startsWith(before.slice(0, before.lastIndexOf('\n') + 1))).toBe(true)
  const events = now
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as JournalEvent)
  expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).toSorted((a, b) => a - b))
  for (const [type, key] of [
    ['task-started', 'task'],
    ['task-settled', 'task'],
    ['call-started', 'call'],
    ['attempt-started', 'attempt'],
    ['attempt-ended', 'attempt'],
  ] as const) {
    const ids = events.filter(event => event.type === type).map(event => Reflect.get(event, key) as string)
    expect([type, ids.length]).toEqual([type, new Set(ids).size])
  }
  expect(events.filter(({ type }) => type === 'run-started' || type === 'run-ended')).toHaveLength(2)
  expect(existsSync(`${path}.lock`)).toBe(false)
  return events
}

test('killed in a phase that is held, with a fault injected: held still, the fault still there, and let go by hand', async () => {
  const path = killedAfter('held', marked('enough'))
  const before = readFileSync(path, 'utf8')
  const { session } = await resume(path)

  await new Promise<void>(resolve => {
    let asked = 0
    session.subscribe(event => {
      if (event.type === 'attempt-started' && ++asked === 3) resolve()
    })
  })
  const { held, phase } = session.state()
  session.release()
  const result = await session.result

  const events = expectWhole(path, before)
  expect({ held, phase }).toEqual({ held: true, phase: 'three' })
  const [first] = attemptsAfter(events, marked('resumed'))
  expect(first).toMatchObject({ phase: 'three', fault: 'rate-limited' })
  expect(phasesOf(events)).toEqual(['steady-state', 'one', 'two', 'three', 'four', 'healed'])
  expect(said(events, 'inject')).toEqual([
    'ticket from a customer to responders: First',
    'ticket to responders: Second',
    'ticket to responders: Third',
  ])
  expect(said(events, 'detected')).toEqual(['the dashboard is red'])
  expect(result.faults.map(({ id, status }) => [id, status])).toEqual(
    expect.arrayContaining([
      ['overloaded', 'landed'],
      ['rate-limited', 'landed'],
    ]),
  )
  expect(result.journal).toEqual(events)
})

test('killed after a skip, between two phases: what was skipped does not come back, and nobody is blamed for the break', async () => {
  const path = killedAfter('skipped', marked('skipped'))
  const before = readFileSync(path, 'utf8')
  const skippedMs = lines.find(marked('skipped'))?.t ?? 0
  const { session } = await resume(path)

  const result = await session.result

  const events = expectWhole(path, before)
  const three = events.find(entered('three'))?.t ?? 0
  expect(three - skippedMs).toBeLessThan(late)
  const four = events.find(entered('four'))?.t ?? 0
  expect(Math.abs(four - three - 20_000)).toBeLessThan(late)
  expect(said(events, 'inject')).not.toContain('chat to responders: in what is skipped')
  expect({ findings: result.findings, exitCode: result.exitCode }).toEqual({ findings: [], exitCode: 0 })
  expect(result.notices.join('\n')).toContain('blackstart itself was ended at')
})

test('killed with requests under way: they are lost with the process, as in a crash, and everybody asks on', async () => {
  const isOpen: Is = event => event.type === 'attempt-started' && event.phase === 'one'
  const path = killedAfter('open', isOpen)
  const before = readFileSync(path, 'utf8')
  const old = readResume(path).events
  const { session } = await resume(path)

  session.subscribe(event => {
    if (event.type === 'phase-entered' && event.phase === 'two') session.skip()
  })
  await session.result

  const events = expectWhole(path, before)
  const [at] = events.filter(marked('interrupted'))
  const lost = events.flatMap(event =>
    event.type === 'attempt-ended' && event.outcome === 'process-gone' ? [event] : [],
  )
  expect(lost.map(({ attempt }) => attempt)).toContain(Reflect.get(old.at(-1) ?? {}, 'attempt'))
  expect(new Set(lost.map(({ t }) => t))).toEqual(new Set([at?.t]))
  expect(events).toContainEqual(expect.objectContaining({ type: 'task-settled', lostTo: 'crash', t: at?.t }))
  // Everybody asks on with another question than the last, and none that was asked has its number twice.
  const users = (list: readonly JournalEvent[]) =>
    new Set(list.flatMap(event => (event.type === 'task-started' ? [event.user] : [])))
  expect(users(events.slice(events.findIndex(marked('resumed'))))).toEqual(users(old))
})

test('killed while time passes as people moved it: what was extended is, and the status page goes on', async () => {
  const path = killedAfter('extended', entered('four'))
  const before = readFileSync(path, 'utf8')
  const { session } = await resume(path)

  const { plan } = await session.result

  const events = expectWhole(path, before)
  const told = events.flatMap(event => (event.type === 'status-changed' ? [event.incident] : []))
  expect(told).toEqual(['investigating', 'resolved'])
  expect(events.filter(event => event.type === 'client-event' && event.event === 'traffic')).toHaveLength(1)
  expect(marksOf(events).filter(mark => mark === 'injected')).toHaveLength(2)
  const judged = recordedRun(readFileSync(path, 'utf8'), 'show.jsonl', { catalogue })
  expect(judged.isTorn).toBe(false)
  expect(judged.result.notices.join('\n')).toContain('blackstart itself was ended at')
  const edges = ({ phases, tracks }: typeof plan) => [...phases, ...tracks].map(({ startMs }) => startMs)
  edges(judged.result.plan).forEach((t, i) => {
    expect(Math.abs(t - (edges(plan)[i] ?? 0))).toBeLessThan(late)
  })
})

test('an app that does not come up again costs nobody the show: it can be resumed once more', async () => {
  const path = killedAfter('down', entered('four'), 20)
  const sick = { ...honest, start: () => Promise.reject(new Error('no licence')) }

  const { session } = await resume(path, sick)
  const { exitCode, reason } = await session.result
  const again = readResume(path)

  expect({ exitCode, reason }).toEqual({ exitCode: 3, reason: expect.stringContaining('no licence') })
  expect(marksOf(again.events).at(-1)).toBe('interrupted')
  // It asks before it is up, and must not meet the outage that is in force.
  const start: typeof honest.start = async context => {
    const anthropic = await honest.start?.(context)
    if (!anthropic) throw new Error('There is a client.')
    await ask(anthropic, 'Are you there?')
    return anthropic
  }
  const { session: second } = await resume(path, { ...honest, start })
  await second.result
  const events = parseJournal(readFileSync(path, 'utf8'))
  expect(marksOf(events).slice(-3)).toEqual(['interrupted', 'interrupted', 'resumed'])
  expect(phasesOf(events).slice(-2)).toEqual(['four', 'healed'])
  const early = events.slice(events.findLastIndex(marked('interrupted')), events.findIndex(marked('resumed')))
  expect(attemptsAfter(early, () => true)).toMatchObject([{ phase: 'four', effect: 'pass' }])
})

test('killed in its warm-up, it begins anew: a healthy start is whole or none', async () => {
  const path = killedAfter('warm-up', event => event.type === 'attempt-ended')
  const before = readResume(path)
  const { session } = await resume(path)
  session.subscribe(event => {
    if (event.type === 'phase-entered' && event.phase === 'one') session.interrupt()
  })

  const { journal, seed } = await session.result

  expect(before.isAfresh).toBe(true)
  expect(seed).toBe(before.started.seed)
  expect(phasesOf(journal)).toEqual(['steady-state', 'one'])
  expect(marksOf(journal)).not.toContain('interrupted')
  const { t: _, ...first } = before.started
  expect(journal[0]).toMatchObject(first)
  expect(parseJournal(readFileSync(path, 'utf8'))).toEqual(journal)
})
