import { covers } from '../../model/arrival.ts'
import type { ComponentStatus } from '../../model/scenario.ts'
import { statusAt } from '../../model/status.ts'
import {
  fullSurface,
  instantMs,
  ownSurfaces,
  type Plan,
  plannedCapacity,
  plannedFaults,
  plannedLimits,
} from '../../model/timeline.ts'
import type { Axis } from '../axis.ts'
import { faultsWithin, faultySurfaces, limitedSurfaces, limitsWithin, shareAt, shortSurface } from '../in-force.ts'

/** What a status page said of a surface, beside what was true of it. */
export interface StatusTrack {
  /** As people name it: without the provider's name where that is the scenario's. */
  readonly surface: string
  readonly stretches: readonly StatusStretch[]
}

/** A stretch in which neither the page nor what it speaks of changed its kind. */
export interface StatusStretch {
  readonly startMs: number
  readonly endMs: number
  /** Share of requests that faults hit, in its middle. */
  readonly share: number
  /** A rate limit or a bounded capacity was in force, and no fault. */
  readonly isLimited: boolean
  /** The part of it that this is true of, where that is not all of it. */
  readonly part?: string
  readonly said: ComponentStatus | 'unreachable'
  readonly agrees: 'yes' | 'too well' | 'too bad' | 'unreachable'
}

/** Tracks of the surfaces that the page ever spoke of and of those that failed; none where the scenario has no status page. */
export function statusTracks(plan: Plan, { endMs }: Pick<Axis, 'endMs'>): readonly StatusTrack[] {
  const { scenario } = plan
  if (!scenario.status_page?.length) return []
  const own = ownSurfaces(scenario)
  const spoken = scenario.status_page.flatMap(({ components = {} }) => Object.keys(components))
  const surfaces = [...new Set(spoken.map(name => fullSurface(name, scenario.provider, own)))]
  return surfaces.map(surface => ({
    surface: shortSurface(surface, scenario.provider),
    stretches: stretchesOf(plan, surface, endMs),
  }))
}

function stretchesOf(plan: Plan, surface: string, endMs: number): readonly StatusStretch[] {
  const edges = [
    0,
    ...[...plannedFaults(plan), ...plannedLimits(plan)].flatMap(entry => [entry.startMs, entry.endMs]),
    ...(plan.scenario.status_page ?? []).map(({ at }) => instantMs(at, plan.phases, plan.lengthMs)),
    plan.lengthMs,
  ]
  const inside = [...new Set(edges)].filter(t => t >= 0 && t < endMs).sort((a, b) => a - b)
  const merged: StatusStretch[] = []
  inside.forEach((startMs, i) => {
    const next = stretchAt(plan, surface, startMs, inside[i + 1] ?? endMs)
    const last = merged.at(-1)
    if (last && isSame(last, next)) merged[merged.length - 1] = { ...last, endMs: next.endMs }
    else merged.push(next)
  })
  return merged
}

function stretchAt(plan: Plan, surface: string, startMs: number, endMs: number): StatusStretch {
  const whole = truthOf(plan, surface, startMs, endMs)
  // A page that speaks of the whole speaks of its parts.
  const names = [...faultySurfaces(plan), ...limitedSurfaces(plan)].filter(name => covers(surface, name))
  const parts = names.map(name => ({ name, ...truthOf(plan, name, startMs, endMs) }))
  const worst = parts.find(({ share }) => share > whole.share && parts.every(other => other.share <= share))
  const limited = worst || whole.isLimited ? undefined : parts.find(({ isLimited }) => isLimited)
  const { name, share, isLimited } = { name: undefined, ...(worst ?? (whole.share > 0 ? whole : (limited ?? whole))) }
  const [provider = '', ...rest] = surface.split('.')
  const page = statusAt(plan, provider, startMs)
  const said = page.page === 'unreachable' ? 'unreachable' : componentAt(page.components, rest.join('.'))
  const part = name === undefined || name === surface ? undefined : shortSurface(name, plan.scenario.provider)
  return { startMs, endMs, share, isLimited, said, agrees: agreement(share, isLimited, said), ...(part && { part }) }
}

function truthOf(plan: Plan, surface: string, startMs: number, endMs: number) {
  const share = shareAt(faultsWithin(plan, surface, startMs, endMs), (startMs + endMs) / 2)
  const isBounded = plannedCapacity(plan).some(
    entry => entry.startMs < endMs && entry.endMs > startMs && entry.surfaces.some(pattern => covers(pattern, surface)),
  )
  return { share, isLimited: share === 0 && (isBounded || limitsWithin(plan, surface, startMs, endMs).length > 0) }
}

/** Of the surface itself, else of what it is a part of. */
function componentAt(components: ReturnType<typeof statusAt>['components'], surface: string): ComponentStatus {
  const parts = surface.split('.')
  for (let length = parts.length; length > 0; length--) {
    const known = components.get(parts.slice(0, length).join('.'))
    if (known) return known.status
  }
  return 'operational'
}

function agreement(share: number, isLimited: boolean, said: StatusStretch['said']): StatusStretch['agrees'] {
  if (said === 'unreachable') return 'unreachable'
  const isBad = share > 0 || isLimited
  if (isBad === (said !== 'operational')) return 'yes'
  return isBad ? 'too well' : 'too bad'
}

function isSame(a: StatusStretch, b: StatusStretch): boolean {
  return a.share === b.share && a.isLimited === b.isLimited && a.said === b.said && a.part === b.part
}

/** `all requests fail`, `30% of requests fail on api.files`, `all is well`. */
export function truthText({ share, isLimited, part }: Pick<StatusStretch, 'share' | 'isLimited' | 'part'>): string {
  const where = part === undefined ? '' : ` on ${part}`
  if (share >= 0.995) return `all requests fail${where}`
  if (share > 0) return `${Math.max(1, Math.round(share * 100))}% of requests fail${where}`
  return isLimited ? `requests are limited${where}` : 'all is well'
}
