import type { AttemptOutcome, Outcome } from '../../journal/event.ts'
import type { Span } from '../../model/timeline.ts'
import type { AttemptRecord, JournalView, TaskRecord } from '../../oracles/view.ts'

/** One kind of outcome over time: how many in each bin. */
export interface Band {
  readonly id: string
  readonly label: string
  readonly counts: readonly number[]
  readonly total: number
}

/** Time cut into bins of one length. */
export interface Bins extends Span {
  readonly count: number
}

/** The bin that `t` falls in; times outside fall in the nearest. */
export function binOf({ startMs, endMs, count }: Bins, t: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(((t - startMs) / (endMs - startMs)) * count)))
}

interface Kind<Id extends string> {
  readonly id: Id
  readonly label: string
}

/** What became of attempts, good first; several ends on the wire that a reader need not tell apart are one. */
const attemptKinds = [
  { id: 'ok', label: 'answered' },
  { id: 'limited', label: 'rate limited (429)' },
  { id: 'error', label: 'error status' },
  { id: 'connection', label: 'no connection' },
  { id: 'timeout', label: 'timed out' },
  { id: 'broken', label: 'broken answer' },
  { id: 'aborted', label: 'given up by the app' },
  { id: 'open', label: 'still open' },
] as const satisfies readonly Kind<string>[]

type AttemptKind = (typeof attemptKinds)[number]['id']

const kindOfEnd: Readonly<Record<AttemptOutcome, AttemptKind>> = {
  ok: 'ok',
  error: 'error',
  refused: 'connection',
  dns: 'connection',
  tls: 'connection',
  reset: 'connection',
  'connect-timeout': 'connection',
  'headers-timeout': 'timeout',
  'body-timeout': 'timeout',
  cut: 'broken',
  'stream-error': 'broken',
  garbled: 'broken',
  empty: 'broken',
  wrong: 'broken',
  aborted: 'aborted',
  'process-gone': 'aborted',
  open: 'open',
}

function attemptKind({ ended, headers }: AttemptRecord): AttemptKind {
  if (ended?.outcome === 'error' && headers?.status === 429) return 'limited'
  return ended ? (kindOfEnd[ended.outcome] ?? 'error') : 'open'
}

/** What became of tasks, good first. */
const taskKinds = [
  { id: 'ok', label: 'answered' },
  { id: 'degraded', label: 'degraded' },
  { id: 'queued', label: 'queued' },
  { id: 'failed', label: 'failed' },
  { id: 'truncated', label: 'truncated, told as whole' },
  { id: 'not-an-answer', label: 'not an answer' },
  { id: 'open', label: 'never settled' },
] as const satisfies readonly Kind<Outcome | 'open'>[]

/** Attempts by the bin in which they began. */
export function attemptBands(attempts: readonly AttemptRecord[], bins: Bins): readonly Band[] {
  return bandsOf(
    attemptKinds,
    attempts.map(attempt => ({ kind: attemptKind(attempt), t: attempt.startMs })),
    bins,
  )
}

/** Tasks by the bin in which they were settled; those that never were, by that in which they began. */
export function taskBands(tasks: readonly TaskRecord[], bins: Bins): readonly Band[] {
  return bandsOf(
    taskKinds,
    tasks.map(({ settled, settledMs, startMs }) => ({ kind: settled?.outcome ?? 'open', t: settledMs ?? startMs })),
    bins,
  )
}

/** Kinds that never occurred are left out; so is what lies after the last bin. */
function bandsOf(
  kinds: readonly Kind<string>[],
  items: readonly { readonly kind: string; readonly t: number }[],
  bins: Bins,
): readonly Band[] {
  const counts = new Map(kinds.map(({ id }) => [id, new Array<number>(bins.count).fill(0)]))
  const totals = new Map<string, number>()
  for (const { kind, t } of items) {
    totals.set(kind, (totals.get(kind) ?? 0) + 1)
    const cells = counts.get(kind)
    const bin = binOf(bins, t)
    if (cells && t <= bins.endMs) cells[bin] = (cells[bin] ?? 0) + 1
  }
  return kinds.flatMap(({ id, label }) => {
    const total = totals.get(id) ?? 0
    return total === 0 ? [] : [{ id, label, counts: counts.get(id) ?? [], total }]
  })
}

/** Work that somebody waits for. */
export interface OpenWork {
  readonly startMs: number
  /** Absent for what never came to an end. */
  readonly endMs?: number | undefined
}

export function openTasks(tasks: readonly TaskRecord[]): readonly OpenWork[] {
  return tasks.map(({ startMs, settledMs }) => ({ startMs, endMs: settledMs }))
}

/** Background jobs, until they were done, given up or dropped. */
export function openJobs(jobs: JournalView['jobs']): readonly OpenWork[] {
  return jobs.map(({ submittedMs, doneMs, deadMs, expiredMs, goneMs }) => ({
    ...{ startMs: submittedMs, endMs: doneMs ?? deadMs ?? expiredMs ?? goneMs },
  }))
}

/** The most that was open at once in each bin. */
export function mostOpen(work: readonly OpenWork[], bins: Bins): readonly number[] {
  const changes = work
    .flatMap(({ startMs, endMs }) => [{ t: startMs, by: 1 }, ...(endMs === undefined ? [] : [{ t: endMs, by: -1 }])])
    .sort((a, b) => a.t - b.t || b.by - a.by)
  const most = new Array<number>(bins.count).fill(0)
  let open = 0
  let next = 0
  const size = (bins.endMs - bins.startMs) / bins.count
  for (let bin = 0; bin < bins.count; bin++) {
    // What is open when it begins is open in it.
    let peak = open
    const endMs = bins.startMs + (bin + 1) * size
    for (let change = changes[next]; change && change.t < endMs; change = changes[++next]) {
      open += change.by
      peak = Math.max(peak, open)
    }
    most[bin] = peak
  }
  return most
}
