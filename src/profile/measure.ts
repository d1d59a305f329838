import { quantile } from '../lib/quantile.ts'
import { type AttemptRecord, type TaskRecord, viewJournal } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import type { ProfileCell } from './cell.ts'

/** What the run of one cell shows of the client. */
export function measureCell(result: RunResult, fault: string, streamed: boolean): ProfileCell {
  const { tasks } = viewJournal(result.journal)
  const { lengthMs, scenario } = result.plan
  const during = tasks.filter(({ startMs }) => startMs < lengthMs)
  const after = tasks.filter(({ startMs }) => startMs >= lengthMs)
  const settled = during.flatMap(({ startMs, settledMs }) => (settledMs === undefined ? [] : [settledMs - startMs]))
  const numbers = during.map(({ attempts }) => attempts.length)
  const others = during.flatMap(task => task.attempts.map(({ started }) => started.provider))
  const problem = problemOf(result)
  return {
    fault,
    streamed,
    tasks: during.length,
    outcomes: countsOf(during.map(({ settled }) => settled?.outcome ?? 'open')),
    sources: countsOf(during.flatMap(({ settled }) => settled?.source ?? []).filter(source => source !== 'live')),
    errors: distinct(during.flatMap(({ settled }) => settled?.error ?? [])),
    attempts: { p50: quantile(numbers, 0.5), max: Math.max(0, ...numbers) },
    waitsMs: waitsOf(during),
    fellOverTo: distinct(others.filter(name => name !== scenario.provider)),
    ...(settled.length > 0 && {
      settleMs: { p50: quantile(settled, 0.5), p95: quantile(settled, 0.95), max: Math.max(...settled) },
    }),
    ...(after.length > 0 && {
      wellAfter: after.filter(({ settled }) => settled?.outcome === 'ok').length / after.length,
    }),
    ...(problem !== undefined && { problem }),
  }
}

function problemOf({ exitCode, reason, faults }: RunResult): string | undefined {
  if (exitCode !== 0 && exitCode !== 1 && exitCode !== 6) return reason
  if (!faults.some(({ hits }) => hits > 0)) return 'no request met it'
  return undefined
}

/** Of the task with the most attempts: from the end of each to the start of the next, ms. */
function waitsOf(tasks: readonly TaskRecord[]): readonly number[] {
  const [most] = tasks.toSorted((a, b) => b.attempts.length - a.attempts.length)
  const attempts = most?.attempts ?? []
  return attempts.slice(1).map((attempt, i) => Math.max(0, attempt.startMs - endOf(attempts[i])))
}

const endOf = (attempt: AttemptRecord | undefined) => attempt?.endMs ?? attempt?.headersMs ?? attempt?.startMs ?? 0

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const word of words.toSorted()) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries(counts)
}

const distinct = (words: readonly string[]) => [...new Set(words)].toSorted()
