import { readLedger } from '../../journal/ledger.ts'
import { quantile } from '../../lib/quantile.ts'
import type { Plan } from '../../model/timeline.ts'
import type { JournalView, TaskRecord } from '../../oracles/view.ts'
import type { RecordedRun } from '../recorded/recorded-run.ts'
import { count, instant, percent, plural, spell } from '../text.ts'
import { healedAt } from './healed-at.ts'

/** One figure of what an outage came to. */
export interface Figure {
  readonly what: string
  readonly value: string
  /** What it means, or how it was counted; empty where that is plain. */
  readonly note: string
}

/** What the outage came to, in figures: users, load, work done twice or lost, what was spent. */
export function impactOf({ result, view, events }: RecordedRun): readonly Figure[] {
  const { plan } = result
  const { tasks } = view
  return [
    ...(tasks.length > 0 ? [...users(view, plan), ...waits(tasks, plan), ...backlog(view, plan)] : []),
    ...load(view),
    ...truth(events),
  ]
}

/** Whether a user was left without a good answer, and without being told so by a poorer one. */
export function isBad({ settled }: TaskRecord): boolean {
  return !settled || (settled.outcome !== 'ok' && settled.outcome !== 'degraded' && settled.outcome !== 'queued')
}

function users(view: JournalView, plan: Plan): Figure[] {
  const { tasks } = view
  const bad = tasks.filter(isBad)
  const poorer = tasks.filter(({ settled }) => settled?.outcome === 'degraded' || settled?.outcome === 'queued')
  const minutes = new Set(bad.map(({ startMs }) => Math.floor(startMs / 60_000)))
  const all = Math.max(1, Math.ceil(Math.max(plan.lengthMs, view.endMs) / 60_000))
  const stretch = longestWithout(tasks, view.endMs)
  return [
    {
      what: 'tasks that ended badly',
      value: `${count(bad.length)} of ${count(tasks.length)}`,
      note: `${percent(bad.length / tasks.length)}: failed, cut short, no answer, or never settled`,
    },
    ...(poorer.length > 0
      ? [
          {
            what: 'tasks with a poorer answer',
            value: count(poorer.length),
            note: 'degraded or queued, and told as such',
          },
        ]
      : []),
    {
      what: 'minutes in which users saw a failure',
      value: `${count(minutes.size)} of ${count(all)}`,
      note: 'of the scenario, by when the task began',
    },
    ...(stretch === undefined
      ? []
      : [
          {
            what: 'longest stretch without a good answer',
            value: spell(stretch),
            note: 'from one task that was answered to the next',
          },
        ]),
  ]
}

/** Between two tasks that settled well, or from the start and to the end. */
function longestWithout(tasks: readonly TaskRecord[], endMs: number): number | undefined {
  const well = tasks
    .flatMap(({ settled, settledMs }) => (settled?.outcome === 'ok' && settledMs !== undefined ? [settledMs] : []))
    .sort((a, b) => a - b)
  if (well.length === 0) return undefined
  return [...well, endMs].reduce((most, t, i) => Math.max(most, t - (well[i - 1] ?? 0)), 0)
}

function waits(tasks: readonly TaskRecord[], plan: Plan): Figure[] {
  const healedMs = healedAt(plan)
  const took = (of: readonly TaskRecord[]) =>
    of.flatMap(({ startMs, settledMs }) => (settledMs === undefined ? [] : [settledMs - startMs]))
  const during = took(tasks.filter(({ startMs }) => startMs < healedMs))
  const after = took(tasks.filter(({ startMs }) => startMs >= healedMs))
  if (during.length === 0) return []
  const healed = after.length === 0 ? '' : `; ${spell(quantile(after, 0.95))} once all was healed`
  return [
    {
      what: 'how long users waited',
      value: `${spell(quantile(during, 0.95))} (p95)`,
      note: `half of them ${spell(quantile(during, 0.5))} or less${healed}`,
    },
  ]
}

function backlog({ tasks, endMs }: JournalView, plan: Plan): Figure[] {
  const peak = peakOf(tasks)
  const healedMs = healedAt(plan)
  const begun = tasks.filter(({ startMs }) => startMs < healedMs)
  const late = begun.filter(({ settledMs }) => settledMs === undefined || settledMs > healedMs)
  const open = late.filter(({ settledMs }) => settledMs === undefined)
  const last = Math.max(0, ...late.map(({ settledMs }) => (settledMs ?? endMs) - healedMs))
  const drained = open.length > 0 ? `${plural(open.length, 'task')} never` : late.length > 0 ? spell(last) : 'at once'
  return [
    { what: 'most tasks open at once', value: count(peak.open), note: peak.open > 0 ? `at ${instant(peak.t)}` : '' },
    ...(endMs >= healedMs
      ? [
          {
            what: 'until what the outage left was done',
            value: drained,
            note: `${plural(late.length, 'task')} open when the last fault ended`,
          },
        ]
      : []),
  ]
}

/** When most tasks were open at once, and how many. */
export function peakOf(tasks: readonly TaskRecord[]): { readonly open: number; readonly t: number } {
  const changes = tasks
    .flatMap(({ startMs, settledMs }) => [
      [startMs, 1] as const,
      ...(settledMs === undefined ? [] : [[settledMs, -1] as const]),
    ])
    .sort((a, b) => a[0] - b[0] || b[1] - a[1])
  let open = 0
  let peak = { open: 0, t: 0 }
  for (const [t, by] of changes) {
    open += by
    if (open > peak.open) peak = { open, t }
  }
  return peak
}

function load({ calls, attempts }: JournalView): Figure[] {
  if (calls.length === 0) return []
  const most = calls.reduce((max, call) => Math.max(max, call.attempts.length), 0)
  const retries = attempts.filter(({ started }) => started.n > 1).length
  return [
    { what: 'requests sent', value: count(attempts.length), note: `${count(retries)} of them retries` },
    {
      what: 'attempts for each call',
      value: count(Math.round((attempts.length / calls.length) * 100) / 100),
      note: `on average; ${count(most)} at most`,
    },
  ]
}

/** What was really done, beside what the app says of it. */
function truth(events: RecordedRun['events']): Figure[] {
  const { totals, lostResponses, repeatedCalls, duplicated, falselySuccessful } = readLedger(events)
  const some = (what: string, of: readonly unknown[], note: string) =>
    of.length === 0 ? [] : [{ what, value: count(of.length), note }]
  return [
    ...some('answers told as whole that were not', falselySuccessful, 'users were told that all was well'),
    ...some('answers that the provider worked on and nobody got', lostResponses, 'they are paid for'),
    ...some('calls worked on more than once', repeatedCalls, 'paid for again with each retry'),
    ...some('side effects done more than once', duplicated, 'each by its name at the provider'),
    ...(totals === undefined
      ? []
      : [
          {
            what: 'tokens spent',
            value: count(totals.inputTokens + totals.outputTokens),
            note: `${count(totals.inputTokens)} in, ${count(totals.outputTokens)} out; warm-up included, estimated`,
          },
        ]),
  ]
}
