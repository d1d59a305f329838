import { covers } from '../model/arrival.ts'
import type { LimitEntry } from '../model/scenario.ts'
import {
  levelOf,
  type Plan,
  type PlannedFault,
  type PlannedLimit,
  plannedFaults,
  plannedLimits,
  shareAt as shareOf,
} from '../model/timeline.ts'

/** Surfaces (full names) that some fault touches, in the order the scenario names them. */
export function faultySurfaces(plan: Plan): readonly string[] {
  return [...new Set([...plan.phases.flatMap(phase => phase.faults), ...plan.tracks].flatMap(fault => fault.surfaces))]
}

/** Surfaces (full names) with a rate limit in some phase. */
export function limitedSurfaces(plan: Plan): readonly string[] {
  return [...new Set(plannedLimits(plan).flatMap(limit => limit.surfaces))]
}

/**
 * Faults on `surface` (or on what it is a part of) that a column of the stretch shows, tracks first: those in force in
 * its middle, so that neighbours do not run into one another; where there are none, any that it holds.
 */
export function faultsWithin(plan: Plan, surface: string, startMs: number, endMs: number): readonly PlannedFault[] {
  const within = plannedFaults(plan).filter(fault => touches(fault, surface, startMs, endMs))
  const middleMs = (startMs + endMs) / 2
  const inMiddle = within.filter(fault => fault.startMs <= middleMs && middleMs < fault.endMs)
  return inMiddle.length > 0 ? inMiddle : within
}

/** Limits on `surface` in force at some time within the stretch. */
export function limitsWithin(plan: Plan, surface: string, startMs: number, endMs: number): readonly PlannedLimit[] {
  return plannedLimits(plan).filter(limit => touches(limit, surface, startMs, endMs))
}

/** Share of arrivals that `faults` hit at `t`, one after the other. */
export function shareAt(faults: readonly PlannedFault[], t: number): number {
  return 1 - faults.reduce((missed, fault) => missed * (1 - shareOf(fault, t)), 1)
}

/** The limit's main rate at `t`, per minute, with what it counts. */
export function rateAt(limit: PlannedLimit, t: number): { perMinute: number; of: string } | undefined {
  const of = limitKinds.find(kind => limit.entry[kind] !== undefined)
  const level = of && limit.entry[of]
  return of && level !== undefined ? { perMinute: levelOf(level, limit, t), of: of.replace('_', ' ') } : undefined
}

export const limitKinds = ['requests', 'input_tokens', 'output_tokens'] as const satisfies readonly (keyof LimitEntry)[]

/** `anthropic.api.messages` reads `api.messages` where anthropic is the scenario's provider. */
export function shortSurface(surface: string, provider: string): string {
  return surface.startsWith(`${provider}.`) ? surface.slice(provider.length + 1) : surface
}

/** What the glyphs of {@link shade} mean. */
export const shadeLegend = 'fails: ░ under 25%, ▒ under 60%, ▓ under 95%, █ all; ~ rate limited'

/** A glyph for a share: the darker, the more is hit. */
export function shade(share: number): string {
  if (share <= 0) return ' '
  if (share < 0.25) return '░'
  if (share < 0.6) return '▒'
  return share < 0.95 ? '▓' : '█'
}

function touches(
  entry: { surfaces: readonly string[]; startMs: number; endMs: number },
  surface: string,
  startMs: number,
  endMs: number,
): boolean {
  return entry.startMs < endMs && entry.endMs > startMs && entry.surfaces.some(pattern => covers(pattern, surface))
}
