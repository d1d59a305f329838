import { type Plan, type PlannedFault, shareAt } from '../../model/timeline.ts'
import { healthyState, type ProxyState } from './proxy-state.ts'
import { actionOf, condition, coversAll, entriesOn, overlap, type Route } from './route.ts'

/** What a route's proxy does at an instant. */
export interface WireState extends ProxyState {
  /** Path of the entry that it does it for. */
  readonly entry?: string
}

/** A ramp of shares goes up and down in steps of this: each closes the connections. */
const shareStep = 0.1

/**
 * Paths of the entries that the route's proxy carries, in all their laps and for all their time; the rest is left to
 * what stands behind it.
 *
 * In front of our own server an entry is carried when it is certain for whatever arrives on the route: nothing that is
 * tried before it may take an arrival away, and its share is whole. A share by connection would not be a share by
 * request, and no seed reaches Toxiproxy. A TCP service has nothing behind it that could do the rest:
 * `unsupportedByToxiproxy` tells before the run what then cannot be carried.
 */
export function carriedOn(plan: Plan, route: Route): ReadonlySet<string> {
  const entries = entriesOn(plan, route)
  if (route.kind === 'tcp') return new Set(entries.map(({ path }) => path))
  const left = new Set<string>()
  // Each that is left may take arrivals from those after it, in other laps too.
  for (let before = -1; before !== left.size; ) {
    before = left.size
    entries.forEach((entry, i) => {
      const isShadowed = entries.slice(0, i).some(other => left.has(other.path) && overlap(other, entry))
      if (isShadowed || !isCertain(entry, route)) left.add(entry.path)
    })
  }
  return new Set(entries.map(({ path }) => path).filter(path => !left.has(path)))
}

function isCertain(entry: PlannedFault, route: Route): boolean {
  if (entry.share !== 1 || condition(entry) !== undefined || !coversAll(entry, route)) return false
  const { type } = actionOf(entry, route.kind)
  return type === 'closed' || type === 'toxic'
}

/** What the route's proxy does at `t`, ms since the first phase began, in a scenario that goes `speed` times as fast. */
export function wireStateAt(plan: Plan, route: Route, t: number, speed = 1): WireState {
  const carried = carriedOn(plan, route)
  // The first that is in force takes everything, as far as it is carried.
  const entry = entriesOn(plan, route).find(
    ({ path, startMs, endMs }) => carried.has(path) && t >= startMs && t < endMs,
  )
  return entry ? stateFor(entry, route, t, speed) : healthyState
}

function stateFor(entry: PlannedFault, route: Route, t: number, speed: number): WireState {
  const action = actionOf(entry, route.kind, speed)
  const toxicity = shareOf(entry, t)
  if (toxicity === 0 || action.type === 'nothing' || action.type === 'cannot') return healthyState
  if (action.type === 'closed') return { enabled: false, toxics: [], entry: entry.path }
  const name = entry.options[0]?.fault.id ?? 'fault'
  return { enabled: true, toxics: [{ name, stream: 'downstream', toxicity, ...action.toxic }], entry: entry.path }
}

function shareOf(entry: PlannedFault, t: number): number {
  const share = shareAt(entry, t)
  return typeof entry.share === 'number' ? share : Number((Math.round(share / shareStep) * shareStep).toFixed(2))
}

/** Instants at which the proxy of one of `routes` may have to change, in order; ms since the first phase began. */
export function wireInstants(plan: Plan, routes: readonly Route[]): readonly number[] {
  const instants = new Set<number>()
  for (const route of routes) {
    const carried = carriedOn(plan, route)
    for (const entry of entriesOn(plan, route))
      if (carried.has(entry.path)) for (const t of [entry.startMs, ...steps(entry), entry.endMs]) instants.add(t)
  }
  return [...instants].sort((a, b) => a - b)
}

/** When a ramp of shares has come to its next step: just after it, as the middle between two is of neither. */
function steps({ share, startMs, endMs }: PlannedFault): readonly number[] {
  if (typeof share === 'number' || share.from === share.to) return []
  const [low, high] = [Math.min(share.from, share.to), Math.max(share.from, share.to)]
  const length = endMs - startMs
  return Array.from({ length: Math.round(1 / shareStep) }, (_, i) => (i + 0.5) * shareStep)
    .filter(level => level > low && level < high)
    .map(level => startMs + Math.round(((level - share.from) / (share.to - share.from)) * length) + 1)
}
