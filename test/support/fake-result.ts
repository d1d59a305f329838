import { faults } from '../../src/faults/index.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { compilePlan } from '../../src/model/timeline.ts'
import type { RunResult } from '../../src/run/result.ts'

const minute = 60_000

/** A small outage: ten minutes down, five minutes half up, five minutes limited. */
export const fakeScenario: Scenario = {
  blackstart: 1,
  id: 'small-outage',
  title: 'A small outage',
  provider: 'anthropic',
  phases: [
    {
      name: 'down',
      for: 10 * minute,
      faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }],
    },
    {
      name: 'half',
      for: 5 * minute,
      faults: [{ surface: ['api'], fault: { id: 'unavailable', params: {} }, share: { from: 0.8, to: 0.1 } }],
    },
    {
      name: 'limited',
      for: 5 * minute,
      limits: [{ surface: ['api.messages'], requests: { from: 6, to: 60 }, per: 'key' }],
    },
  ],
}

interface Ask {
  readonly n: number
  readonly t: number
  readonly attempts: readonly Try[]
  readonly settled?: { readonly t: number; readonly outcome: 'ok' | 'failed' | 'degraded'; readonly error?: string }
}

interface Try {
  readonly t: number
  readonly endMs: number
  readonly status?: number
  readonly retryAfterMs?: number
  readonly fault?: string
}

/** The journal events of one task with one call. */
function askEvents({ n, t, attempts, settled }: Ask): JournalEvent[] {
  const [task, call] = [`t${n}`, `c${n}`]
  const common = {
    provider: 'anthropic',
    surface: 'api.messages',
    model: 'claude-sonnet-4-5',
    streaming: false,
    bodyHash: 'b',
  }
  const events: JournalEvent[] = [
    {
      type: 'task-started',
      t,
      task,
      instance: 0,
      user: n % 3,
      tenant: 'tenant-1',
      session: 's1',
      class: 'normal',
      question: 'q7',
      streaming: false,
    },
    { type: 'call-started', t, call, task, ...common },
  ]
  attempts.forEach((one, i) => {
    const attempt = `a${n}${i + 1}`
    const hit = one.fault ? { effect: 'answer', fault: one.fault, entry: 'phases[0].faults[0]' } : { effect: 'pass' }
    events.push({
      type: 'attempt-started',
      t: one.t,
      attempt,
      call,
      task,
      n: i + 1,
      instance: 0,
      key: 'canary',
      attributedBy: 'context',
      phase: one.t < 10 * minute ? 'down' : 'half',
      ...common,
      ...hit,
    })
    if (one.status !== undefined)
      events.push({
        type: 'attempt-headers',
        t: one.endMs,
        attempt,
        status: one.status,
        ...(one.retryAfterMs !== undefined && { retryAfterMs: one.retryAfterMs }),
      })
    const outcome = one.status === undefined ? 'reset' : one.status < 400 ? 'ok' : 'error'
    events.push({ type: 'attempt-ended', t: one.endMs, attempt, outcome, bytes: 90 })
  })
  if (settled)
    events.push({
      type: 'task-settled',
      t: settled.t,
      task,
      outcome: settled.outcome,
      claimed: false,
      answer: settled.outcome === 'ok' ? 'complete' : 'none',
      ...(settled.error !== undefined && { error: settled.error }),
    })
  return events
}

/** A journal in which tasks asked while it is down retry twice and fail, those after are answered, and the first never settles. */
export function fakeJournal(): JournalEvent[] {
  const events: JournalEvent[] = [
    { type: 'phase-entered', t: -2 * minute, phase: 'steady-state' },
    { type: 'phase-entered', t: 0, phase: 'down' },
    { type: 'phase-entered', t: 10 * minute, phase: 'half' },
    { type: 'phase-entered', t: 15 * minute, phase: 'limited' },
    { type: 'phase-entered', t: 20 * minute, phase: 'healed' },
    { type: 'run-ended', t: 25 * minute, reason: 'complete', realIo: false },
  ]
  for (let n = 1; n <= 24; n++) {
    const t = (n - 1) * minute + 500
    const down = t < 10 * minute
    const bad = (at: number, retryAfterMs?: number): Try => ({
      t: at,
      endMs: at + 40,
      status: 529,
      fault: 'overloaded',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
    events.push(
      ...askEvents({
        n,
        t,
        attempts: down ? [bad(t, 3000), bad(t + 900, 1000), bad(t + 2500)] : [{ t, endMs: t + 700, status: 200 }],
        ...(n === 1
          ? {}
          : {
              settled: down
                ? { t: t + 2540, outcome: 'failed' as const, error: 'InternalServerError' }
                : { t: t + 700, outcome: 'ok' as const },
            }),
      }),
    )
  }
  return events.sort((a, b) => a.t - b.t)
}

/** What a run of {@link fakeScenario} could have shown; `change` overrides. */
export function fakeResult(change: Partial<RunResult> = {}): RunResult {
  return {
    scenario: fakeScenario,
    file: 'small-outage.yaml',
    plan: compilePlan(fakeScenario, faults),
    client: 'bare-sdk',
    seed: 1,
    engine: 'msw',
    verdict: 'fail',
    exitCode: 1,
    reason: '1 finding of severity fail',
    realIo: false,
    simulatedMs: 27 * minute,
    wallMs: 412.4,
    journal: fakeJournal(),
    journalHash: 'ab12',
    faults: [
      {
        id: 'overloaded',
        entry: 'phases[0].faults[0]',
        phase: 'down',
        surface: ['anthropic.api'],
        line: 8,
        status: 'landed',
        eligible: 30,
        hits: 30,
        hint: undefined,
      },
      {
        id: 'limit',
        entry: 'phases[2].limits[0]',
        phase: 'limited',
        surface: ['anthropic.api.messages'],
        line: 14,
        status: 'thin',
        eligible: 2,
        hits: 0,
        hint: '--users 120 would do',
      },
    ],
    oracles: [
      { id: 'settles', status: 'fail', examined: 24, named: true, findings: [settlesFinding] },
      { id: 'recovers', status: 'pass', examined: 1, named: false, findings: [] },
      {
        id: 'truncated-is-not-success',
        status: 'vacuous',
        examined: 0,
        reason: 'no answer was cut short',
        named: false,
        findings: [],
      },
    ],
    findings: [settlesFinding],
    notices: ['The app called metrics.example.com, which was refused. Allow it with --allow metrics.example.com.'],
    ...change,
  }
}

export const settlesFinding = {
  oracle: 'settles',
  severity: 'fail',
  phase: 'down',
  message: '1 of 24 tasks never settled; it was still open 25 minutes after it was asked, with no attempt under way.',
  evidence: ['t1'],
  advice:
    'A user who gets neither an answer nor an error waits for good. Give every task a deadline of its own, and end it with an honest error when that passes.',
} as const
