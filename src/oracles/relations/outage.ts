import { outageStretches, type Plan, type Span } from '../../model/timeline.ts'
import { surfacesUsed } from '../attempts.ts'
import type { JournalView } from '../view.ts'

/** Outages of all that the app asks, in order; `undefined` where nothing of it has any. */
export function outagesOf(view: JournalView, plan: Plan): readonly Span[] {
  return [...surfacesUsed(view)]
    .flatMap(surface => outageStretches(plan, surface))
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
}

/** When the last of them is over, ms; 0 where there is none. */
export function lastHealMs(view: JournalView, plan: Plan): number {
  return Math.max(0, ...outagesOf(view, plan).map(({ endMs }) => endMs))
}
