import type { TaskRecord } from '../../oracles/view.ts'
import { isBad } from '../../reports/post-incident/impact.ts'
import { badShare } from './score.ts'

export const minuteMs = 60_000

/** A minute of the scenario from t = 0 on. */
export interface Minute {
  readonly startMs: number
  /** Tasks begun in it. */
  readonly tasks: number
  /** Those of them that ended badly, or never. */
  readonly bad: number
  /** More of them than {@link badShare}. */
  readonly isBad: boolean
}

/** Every minute up to `endMs`. */
export function minutesOf(tasks: readonly TaskRecord[], endMs: number): readonly Minute[] {
  const all = new Array<number>(Math.max(0, Math.ceil(endMs / minuteMs))).fill(0)
  const bad = all.slice()
  for (const task of tasks) {
    const minute = Math.floor(task.startMs / minuteMs)
    if (minute >= all.length) continue
    all[minute] = (all[minute] ?? 0) + 1
    if (isBad(task)) bad[minute] = (bad[minute] ?? 0) + 1
  }
  return all.map((count, i) => ({
    ...{ startMs: i * minuteMs, tasks: count, bad: bad[i] ?? 0 },
    isBad: (bad[i] ?? 0) > count * badShare,
  }))
}
