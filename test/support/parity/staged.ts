import { beforeAll, expect, test } from 'vitest'
import { ambientClock } from '../../../src/clock/clock.ts'
import { openDrill } from '../../../src/drill/open-drill.ts'
import { defineIntegration, type JournalEvent } from '../../../src/index.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { findScenario } from '../../../src/testing/spec.ts'
import { startOutage } from '../../../src/testing/start-outage.ts'
import { clients, type Reach } from './clients.ts'
import type { RealEngine } from './compare.ts'
import { playCall } from './play-calls.ts'
import { tell } from './seen.ts'

/** A provider that comes back in stages, one surface before the other, with a track across two of them and a limit at the end. */
const scenario = `
blackstart: 1
id: staged
steady_state: { for: 1s }
workload: { users: 1, think: 1h }
phases:
  - { name: dark, for: 1h, faults: [{ surface: [anthropic.api, openai.api], fault: refused }] }
  - name: trickle
    for: 1h
    faults:
      - { surface: openai.api, fault: reset }
      - { surface: api, fault: overloaded, when: { every: 2 } }
  - name: broken-streams
    for: 1h
    faults: [{ surface: api, fault: { stream-cut: { after: 6 events } }, when: { streaming: true } }]
  - name: limited
    for: 1h
    limits: [{ surface: api, requests: 30/m, burst: 1, per: key, retry_after: { as: seconds } }]
  - { name: hung, for: 1h, faults: [{ surface: openai.api, fault: black-hole }] }
faults:
  - { from: broken-streams + 10m, until: limited + 10m, surface: openai.api, fault: unauthorized }
`

/** Who asks when, one after the other; those that are joined by `and` at once. */
const script: readonly (readonly [instant: string, ...clients: string[]])[] = [
  ['dark + 1m', 'anthropic', 'openai'],
  // Of those that arrive at Anthropic the second is turned away, and its retry is the third.
  ['trickle', 'anthropic streamed', 'anthropic', 'openai', 'anthropic'],
  ['broken-streams', 'anthropic streamed', 'anthropic', 'openai'],
  ['broken-streams + 20m', 'openai', 'openai streamed', 'anthropic'],
  ['limited', 'openai'],
  // The second waits until the bucket has its next token.
  ['limited + 20m', 'anthropic and anthropic streamed', 'openai streamed'],
  // Hangs until the client's own deadline, and again; the rest of the world is well.
  ['hung', 'openai', 'anthropic'],
  ['healed', 'openai', 'anthropic streamed'],
]

interface Told {
  readonly calls: readonly string[]
  readonly journal: readonly JournalEvent[]
}

/** How one engine goes through it. */
interface Stagehand {
  readonly reach: Reach
  readonly journal: () => readonly JournalEvent[]
  goto(instant: string): Promise<void>
  run(call: (id: string) => Promise<void>): Promise<void>
}

async function play({ reach, journal, goto, run }: Stagehand): Promise<Told> {
  const calls: string[] = []
  let count = 0
  const ask = (id: string, question: string) => {
    const client = clients.find(one => one.id === id)
    if (!client) throw new Error(`${id} is no client`)
    const plan = { client, timeoutMs: 5_000, patienceMs: 30_000, tool: false, maxRetries: 1 }
    return run(async () => {
      const seen = await playCall(plan, reach, question)
      calls.push(`${question}: ${withoutWords(tell({ ...seen, recorded: [] }))}`)
    })
  }
  for (const [instant, ...together] of script) {
    await goto(instant)
    for (const ids of together) {
      const asked: Promise<void>[] = []
      for (const id of ids.split(' and ')) {
        const before = journal().length
        asked.push(ask(id, `${instant} ${id} ${++count}`.replaceAll(' ', '-')))
        // Real time alone has to pass until it is there.
        while (ids.includes(' and ') && journal().length === before) await ambientClock.sleep(5)
      }
      await Promise.all(asked)
    }
  }
  return { calls, journal: journal() }
}

async function simulated(): Promise<Told> {
  await using outage = await startOutage(scenario)
  // Awaited here, as what is returned is not.
  return await play({
    reach: {
      fetch: globalThis.fetch,
      anthropic: 'https://api.anthropic.com',
      openai: 'https://api.openai.com/v1',
    },
    journal: () => outage.journal,
    goto: instant => outage.goto(instant),
    run: call => outage.run(({ id }) => call(id)),
  })
}

async function drilled(engine: RealEngine): Promise<Told> {
  const found = findScenario(scenario, catalogue)
  const opened = await openDrill({
    ...{ scenario: found.scenario, scenarioText: scenario, engine, speed: 1 },
    integration: defineIntegration({
      name: 'nobody',
      perform: (_, { question }) => `[q:${question}] [end:${question}]`,
    }),
  })
  const { session, env, wire } = opened
  try {
    while (session.state().t < 0) await ambientClock.sleep(5)
    return await play({
      reach: {
        fetch: globalThis.fetch,
        anthropic: `${env['ANTHROPIC_BASE_URL']}`,
        openai: `${env['OPENAI_BASE_URL']}`,
      },
      journal: () => session.journal(),
      async goto(instant) {
        session.goto(instant)
        await wire.apply()
      },
      run: call => call(''),
    })
  } finally {
    await session.abort('It was all asked.')
  }
}

/**
 * Which words a model finds depends on how many requests came before, and whose they were: of an answer its marks are left.
 */
function withoutWords(told: string): string {
  return told
    .replace(/(\[q:[^\]]+\]).*?(\[end:[^\]]+\]|"$)/gm, '$1 … $2')
    .replace(/ ×\d+/g, ' ×N')
    .replace(/(content-length|openai-processing-ms): \d+/g, '$1: N')
    .replace(/(tokens\\?":)\d+/g, '$1N')
}

/** One client through one restore, simulated and in a drill on real ports. */
export function holdsStagedParity(engine: RealEngine): void {
  let there: Told
  let here: Told

  beforeAll(async () => {
    here = await simulated()
    there = await drilled(engine)
  }, 120_000)

  test('through a staged restore an app sees of every call what it sees in a simulation', () => {
    expect(here.calls.length).toBe(20)
    for (const [i, call] of here.calls.entries()) expect.soft(there.calls[i]).toBe(call)
  })

  test('the journal has the same attempts in the same phases, and the same came of them', () => {
    expect(attemptsIn(there.journal)).toEqual(attemptsIn(here.journal))
  })

  test('a wait that was asked for takes as long', () => {
    const waits = [here, there].flatMap(({ journal }) => waitsIn(journal))

    expect(waits.map(({ askedMs }) => askedMs)).toEqual([2_000, 2_000])
    for (const { tookMs } of waits) expect(tookMs).toBeGreaterThan(1_990)
    for (const { tookMs } of waits) expect(tookMs).toBeLessThan(8_000)
  })

  test('phases come in the same order', () => {
    expect(phasesIn(there.journal)).toEqual(phasesIn(here.journal))
  })
}

/** By call, in the order in which they began. */
function attemptsIn(journal: readonly JournalEvent[]): readonly (readonly string[])[] {
  const byCall = new Map<string, string[][]>()
  const byId = new Map<string, string[]>()
  for (const event of journal) {
    if (event.type === 'attempt-started') {
      const line = [event.phase, event.provider, event.surface, `${event.n}`, event.entry ?? '', event.processed ?? '']
      byId.set(event.attempt, line)
      byCall.set(event.call, [...(byCall.get(event.call) ?? []), line])
    }
    if (event.type === 'attempt-headers') byId.get(event.attempt)?.push(`${event.status}`)
    if (event.type === 'attempt-ended') byId.get(event.attempt)?.push(event.outcome)
  }
  return [...byCall.values()].map(lines => lines.map(line => line.filter(Boolean).join(' ')))
}

/** Each `retry-after`, and when its call came back. */
function waitsIn(journal: readonly JournalEvent[]): readonly { readonly askedMs: number; readonly tookMs: number }[] {
  const callOf = new Map<string, string>()
  const waits: { askedMs: number; tookMs: number; call: string; t: number }[] = []
  for (const event of journal) {
    if (event.type === 'attempt-started') {
      callOf.set(event.attempt, event.call)
      const wait = waits.find(({ call, tookMs }) => call === event.call && tookMs < 0)
      if (wait) wait.tookMs = event.t - wait.t
    }
    if (event.type === 'attempt-headers' && event.retryAfterMs !== undefined)
      waits.push({ askedMs: event.retryAfterMs, tookMs: -1, call: callOf.get(event.attempt) ?? '', t: event.t })
  }
  return waits
}

function phasesIn(journal: readonly JournalEvent[]): readonly string[] {
  return journal.flatMap(event => (event.type === 'phase-entered' ? [event.phase] : []))
}
