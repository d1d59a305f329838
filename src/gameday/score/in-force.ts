import { covers } from '../../model/arrival.ts'
import { type Plan, plannedFaults, plannedLimits, type Span } from '../../model/timeline.ts'
import { surfacesUsed } from '../../oracles/attempts.ts'
import type { JournalView } from '../../oracles/view.ts'
import { shareAt } from '../../reports/in-force.ts'
import { badShare } from './score.ts'

/** When the outage begins and ends by the plan that was in force, ms; nothing where no entry fails anything. */
export function outageOf(plan: Plan): Span | undefined {
  const entries = [...plannedFaults(plan), ...plannedLimits(plan)].flatMap(({ startMs, endMs }) => {
    const span = { startMs: Math.max(0, startMs), endMs: Math.min(plan.lengthMs, endMs) }
    return span.endMs > span.startMs ? [span] : []
  })
  if (entries.length === 0) return undefined
  return {
    startMs: Math.min(...entries.map(({ startMs }) => startMs)),
    endMs: Math.max(...entries.map(({ endMs }) => endMs)),
  }
}

/** Whether something that the app uses fails at `t` so often that users would see it, or is limited. */
export function isFailing(plan: Plan, view: JournalView, t: number): boolean {
  const used = [...surfacesUsed(view)]
  const isUsed = ({ surfaces }: { readonly surfaces: readonly string[] }) =>
    used.length === 0 || used.some(surface => surfaces.some(pattern => covers(pattern, surface)))
  const isNow = ({ startMs, endMs }: Span) => startMs <= t && t < endMs
  const faults = plannedFaults(plan).filter(fault => isNow(fault) && isUsed(fault))
  return shareAt(faults, t) >= badShare || plannedLimits(plan).some(limit => isNow(limit) && isUsed(limit))
}
