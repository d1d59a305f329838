import { quantile } from '../lib/quantile.ts'
import type { JournalView } from '../oracles/view.ts'

/** What happened in one phase: of the tasks begun in it, and the attempts made in it. Times in ms. */
export interface JsonPhase {
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
  readonly tasks: number
  readonly byOutcome: Readonly<Record<string, number>>
  readonly calls: number
  readonly attempts: number
  /** Of the calls begun in it; null where there were none. */
  readonly attemptsPerCall: number | null
  /** From a task's start to its end, of those that ended; null where none did. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
}

export interface PhaseSpan {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
}

/** The phases of a run in order, each lap by itself, and the healed stretch at the end. */
export function jsonPhases(view: JournalView, spans: readonly PhaseSpan[]): readonly JsonPhase[] {
  return spans.map(({ name, startMs, endMs }) => {
    const isIn = (record: { readonly startMs: number }) => record.startMs >= startMs && record.startMs < endMs
    const tasks = view.tasks.filter(isIn)
    const calls = view.calls.filter(isIn)
    const took = tasks.flatMap(task => (task.settledMs === undefined ? [] : [task.settledMs - task.startMs]))
    const byOutcome = new Map<string, number>()
    for (const { settled } of tasks) {
      const outcome = settled?.outcome ?? 'open'
      byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1)
    }
    const made = calls.reduce((sum, call) => sum + call.attempts.length, 0)
    return {
      phase: name,
      startMs,
      endMs,
      tasks: tasks.length,
      byOutcome: Object.fromEntries([...byOutcome].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      calls: calls.length,
      attempts: view.attempts.filter(isIn).length,
      attemptsPerCall: calls.length === 0 ? null : Math.round((made / calls.length) * 100) / 100,
      p50Ms: took.length === 0 ? null : quantile(took, 0.5),
      p95Ms: took.length === 0 ? null : quantile(took, 0.95),
    }
  })
}
