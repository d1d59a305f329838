import { beforeAll, expect, test } from 'vitest'
import { openDrill } from '../../../src/drill/open-drill.ts'
import { defineIntegration, type JournalEvent, type RunResult, runScenario } from '../../../src/index.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { findScenario } from '../../../src/testing/spec.ts'
import { clients } from './clients.ts'
import type { RealEngine } from './compare.ts'
import { playCall } from './play-calls.ts'
import { tell } from './seen.ts'

const warmUpMs = 1_500

/** A provider that comes back in stages, one surface before the other, with a track across them and a limit at the end. */
const scenario = `
blackstart: 1
id: staged
steady_state: { for: ${warmUpMs}ms }
workload: { users: 1, think: 1s }
phases:
  - { name: dark, for: 2s, faults: [{ surface: [anthropic.api, openai.api], fault: refused }] }
  - name: trickle
    for: 3s
    faults:
      - { surface: openai.api, fault: reset }
      - { surface: api, fault: overloaded, when: { every: 2 } }
  - name: broken-streams
    for: 3s
    faults: [{ surface: api, fault: { stream-cut: { after: 6 events } }, when: { streaming: true } }]
  - name: limited
    for: 4s
    limits: [{ surface: api, requests: 30/m, burst: 1, per: key, retry_after: { as: seconds } }]
  - { name: hung, for: 3s, faults: [{ surface: openai.api, fault: black-hole }] }
faults:
  - { from: broken-streams + 500ms, until: limited + 1s, surface: openai.api, fault: unauthorized }
`

/**
 * Who asks when, ms from the beginning of the first phase: far enough from the ends of phases that no lateness matters, and
 * no sooner than the retry of who asked before.
 */
const script: readonly (readonly [atMs: number, client: string])[] = [
  [-900, 'anthropic'],
  [500, 'anthropic'],
  [1_050, 'openai'],
  // Its retry comes in the next phase.
  [1_700, 'anthropic streamed'],
  // The second to arrive is turned away, and its retry is the third.
  [2_500, 'anthropic'],
  [3_200, 'openai'],
  [3_900, 'anthropic'],
  [5_250, 'anthropic streamed'],
  // Under the track.
  [5_900, 'openai'],
  [6_300, 'openai streamed'],
  [6_700, 'anthropic'],
  [7_700, 'fetch'],
  [8_500, 'anthropic'],
  // Turned away until the bucket has its next token, two seconds after the last.
  [8_800, 'anthropic streamed'],
  [10_400, 'openai streamed'],
  // Hangs until the client's own deadline, and again; the rest of the world is well.
  [12_500, 'openai'],
  [12_600, 'anthropic'],
]

const deadlineMs = 700

interface Told {
  readonly calls: readonly string[]
  readonly result: RunResult
}

/** The client that keeps to the script, whatever it is asked besides. */
function scripted(calls: string[]) {
  return defineIntegration({
    name: 'scripted',
    start({ env }) {
      const startMs = Date.now() + warmUpMs
      const reach = { anthropic: `${env['ANTHROPIC_BASE_URL']}`, openai: `${env['OPENAI_BASE_URL']}` }
      for (const [place, [atMs, id]] of script.entries()) {
        const client = clients.find(one => one.id === id)
        if (!client) throw new Error(`${id} is no client`)
        const plan = {
          client,
          timeoutMs: atMs > 12_000 ? deadlineMs : undefined,
          patienceMs: 8_000,
          tool: false,
          maxRetries: 1,
        }
        setTimeout(
          async () => {
            const seen = await playCall(plan, { ...reach, fetch: globalThis.fetch }, `call-${place}`)
            calls[place] = withoutWords(tell({ ...seen, recorded: [] }))
          },
          startMs + atMs - Date.now(),
        )
      }
    },
    perform: (_, { question }) => `[q:${question}] [end:${question}]`,
  })
}

/**
 * Which words a model finds depends on how many requests came before, and retries of two calls may come in either order:
 * of an answer its marks are left.
 */
function withoutWords(told: string): string {
  return told
    .replace(/(\[q:[^\]]+\]).*?(\[end:[^\]]+\]|"$)/gm, '$1 … $2')
    .replace(/ ×\d+/g, ' ×N')
    .replace(/(content-length|openai-processing-ms): \d+/g, '$1: N')
    .replace(/(tokens\\?":)\d+/g, '$1N')
}

async function simulated(): Promise<Told> {
  const calls: string[] = []
  const result = await runScenario({ scenario, integration: scripted(calls) })
  return { calls, result }
}

async function drilled(engine: RealEngine): Promise<Told> {
  const calls: string[] = []
  const found = findScenario(scenario, catalogue)
  const { session } = await openDrill({
    ...{ scenario: found.scenario, scenarioText: scenario, engine, speed: 1, healedMs: 1_000 },
    integration: scripted(calls),
  })
  return { calls, result: await session.result }
}

/** One client through one restore, simulated and in a drill on real ports. */
export function holdsStagedParity(engine: RealEngine): void {
  let there: Told
  let here: Told

  beforeAll(async () => {
    here = await simulated()
    there = await drilled(engine)
  }, 60_000)

  test('through a staged restore an app sees of every call what it sees in a simulation', () => {
    expect(here.calls.length).toBe(script.length)
    for (const [place, [atMs, client]] of script.entries())
      expect.soft(there.calls[place], `${client} at ${atMs}`).toBe(here.calls[place])
  })

  test('the journal has the same attempts in the same phases, and the same came of them', () => {
    expect(attemptsIn(there.result.journal)).toEqual(attemptsIn(here.result.journal))
  })

  test('a wait that was asked for takes as long', () => {
    expect(waitsIn(here.result.journal)).toHaveLength(1)
    for (const { askedMs, tookMs } of [...waitsIn(here.result.journal), ...waitsIn(there.result.journal)]) {
      expect(askedMs).toBe(2_000)
      expect(tookMs).toBeGreaterThan(1_990)
      expect(tookMs).toBeLessThan(3_000)
    }
  })

  test('phases come in the same order, and the same faults landed', () => {
    expect(phasesIn(there.result.journal)).toEqual(phasesIn(here.result.journal))
    expect(landed(there.result)).toEqual(landed(here.result))
  })
}

/** By call, in the order in which they began: retries of two calls may come in either order. */
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

function landed({ faults }: RunResult): readonly string[] {
  return faults.map(({ entry, status, eligible, hits }) => `${entry} ${status} ${hits}/${eligible}`)
}
