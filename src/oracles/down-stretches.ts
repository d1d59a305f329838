import { outageStretches, type Plan, type Span } from '../model/timeline.ts'
import { isProvidersFailure, surfaceOf, surfacesUsed } from './attempts.ts'
import type { AttemptRecord, JournalView } from './view.ts'

/** What one instance sent to a surface while nearly everything it sent there failed. */
export interface DownStretch {
  readonly surface: string
  readonly instance: number
  readonly span: Span
  readonly attempts: readonly AttemptRecord[]
}

/** Outages of faults, not of limits, in which nine attempts of ten fail, with at least `fewest` attempts of the instance. */
export function downStretches(view: JournalView, plan: Plan, fewest: number): readonly DownStretch[] {
  return [...surfacesUsed(view)].flatMap(surface => {
    const all = view.attempts.filter(attempt => surfaceOf(attempt) === surface)
    return outageStretches(plan, surface, { limits: false }).flatMap(span => {
      const within = all.filter(({ startMs }) => startMs >= span.startMs && startMs < span.endMs)
      return [...Map.groupBy(within, ({ started }) => started.instance)].flatMap(([instance, attempts]) => {
        const failed = attempts.filter(isProvidersFailure).length
        return attempts.length >= fewest && failed >= 0.9 * attempts.length
          ? [{ surface, instance, span, attempts }]
          : []
      })
    })
  })
}
