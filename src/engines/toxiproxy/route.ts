import { covers } from '../../model/arrival.ts'
import { type Plan, type PlannedFault, plannedFaults, type Span } from '../../model/timeline.ts'
import { fixedEffect } from './fixed-effect.ts'
import { type RouteKind, type WireAction, wireAction } from './wire-effect.ts'

/** A way from the app to what it asks, through one proxy. */
export interface Route {
  /** Unique, without a slash. */
  readonly name: string
  readonly kind: RouteKind
  /** Full names of all that goes this way; each covers its parts. */
  readonly surfaces: readonly string[]
}

/** Whether an entry speaks of anything on the route. */
export function touches({ surfaces }: { readonly surfaces: readonly string[] }, route: Route): boolean {
  return surfaces.some(pattern => route.surfaces.some(name => covers(pattern, name) || covers(name, pattern)))
}

/** Whether it speaks of everything on it. */
export function coversAll({ surfaces }: { readonly surfaces: readonly string[] }, route: Route): boolean {
  return route.surfaces.every(name => surfaces.some(pattern => covers(pattern, name)))
}

/** Entries that speak of the route, in the order in which they are tried. */
export function entriesOn(plan: Plan, route: Route): readonly PlannedFault[] {
  return plannedFaults(plan).filter(entry => entry.endMs > entry.startMs && touches(entry, route))
}

export function overlap(a: Span, b: Span): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs
}

/** What a proxy does in place of an entry, its share and conditions aside. */
export function actionOf(entry: PlannedFault, kind: RouteKind, speed = 1): WireAction {
  const [option, ...more] = entry.options
  if (!option || more.length > 0) return { type: 'cannot', because: 'a proxy cannot choose from a mix' }
  const effect = fixedEffect(option)
  if (!effect) return { type: 'cannot', because: `what "${option.fault.id}" does depends on the request or on chance` }
  return wireAction(effect, kind, speed)
}

/** What of an entry a proxy cannot see or keep, by its key; `undefined` when it is for everybody. */
export function condition({ when, sticky }: PlannedFault): 'when' | 'sticky' | undefined {
  if (Object.keys(when).length > 0) return 'when'
  return sticky === undefined ? undefined : 'sticky'
}
