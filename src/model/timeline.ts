import { invariant } from '../lib/invariant.ts'
import { covers, surfaceName } from './arrival.ts'
import { drainAfterMs } from './capacity-drain.ts'
import { type CapacityPhase, type PlannedCapacity, planCapacity, wholeRun } from './capacity-plan.ts'
import { type Fault, type FaultParams, faultParams } from './fault.ts'
import { levelOf, type Span, type Written } from './level.ts'
import {
  type FaultEntry,
  type FaultRef,
  type Instant,
  isRepeat,
  type Level,
  type LimitEntry,
  type Phase,
  type Scenario,
  type Sticky,
  type When,
} from './scenario.ts'

/** A scenario laid out on the clock: laps unrolled, instants resolved, surfaces in full names. t = 0 is the first phase's start. */
export interface Plan {
  readonly scenario: Scenario
  readonly phases: readonly PlannedPhase[]
  /** Faults across phases; tried before a phase's own. */
  readonly tracks: readonly PlannedFault[]
  /** Asked in this order: those of phases first. */
  readonly capacity: readonly PlannedCapacity[]
  /** End of the last phase, ms. */
  readonly lengthMs: number
  /** Healthy time before t = 0, ms. */
  readonly warmUpMs: number
  /** Healthy time after the last phase, ms. */
  readonly tailMs: number
  /** How much of it the provider needs for what the phases left undone, ms; 0 where it does not react to load. */
  readonly drainMs: number
}

export interface PlannedPhase {
  /** `up`, or `up#2` for a later lap. */
  readonly name: string
  /** Without the lap. */
  readonly base: string
  readonly startMs: number
  readonly endMs: number
  readonly faults: readonly PlannedFault[]
  readonly limits: readonly PlannedLimit[]
}

export interface PlannedFault {
  /** Index in the plan, unique: counters are kept by it. */
  readonly index: number
  /** Path in the scenario; the same for all laps. */
  readonly path: string
  /**
   * What keyed draws use: the phase with its lap, the surfaces, and the how-manieth entry of the phase on just these.
   * Not the path: a phase more, or an entry more on another surface, must not shift the draws.
   */
  readonly drawKey: string
  /** The phase's name, or the track's own span (`chat-up+5m…`). */
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
  readonly surfaces: readonly string[]
  readonly options: readonly PlannedOption[]
  readonly share: Level
  readonly sticky: Sticky | undefined
  readonly when: When
  /** Present where people have moved the timeline, for a ramp. */
  readonly written?: Written
}

export interface PlannedOption {
  readonly fault: Fault
  readonly params: FaultParams
  /** Weight among the entry's options; 1 for a plain fault. */
  readonly share: number
}

export interface PlannedLimit {
  readonly index: number
  readonly path: string
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
  readonly surfaces: readonly string[]
  readonly entry: LimitEntry
  /** Present where people have moved the timeline, for a ramp. */
  readonly written?: Written
}

export { levelAt, levelOf, type Span, type Written } from './level.ts'

/** The share of arrivals that it hits at `t`. A ramp goes by the scenario's own time, which stands still while a phase is held. */
export function shareAt(entry: PlannedFault, t: number): number {
  return levelOf(entry.share, entry, t)
}

export const minuteMs = 60_000
/** Healthy time before the first phase, where the scenario does not say. */
export const usualWarmUpMs = 2 * minuteMs
/** Healthy time after the last phase, at least. */
export const leastTailMs = 5 * minuteMs

/** Lays `scenario` out. The scenario must have been validated: an unknown fault or phase is a bug here. */
export function compilePlan(scenario: Scenario, faults: ReadonlyMap<string, Fault>): Plan {
  let counter = 0
  const provider = scenario.provider
  const own = ownSurfaces(scenario)
  const full = (surface: readonly string[]) => surface.map(name => fullSurface(name, provider, own))
  const option = (ref: FaultRef, share: number): PlannedOption => {
    const fault = faults.get(ref.id)
    invariant(fault, `unknown fault ${ref.id}`)
    return { fault, params: faultParams(fault.params, ref.params), share }
  }
  const planFaults = <T extends FaultEntry>(
    entries: readonly T[],
    path: string,
    owner: string,
    place: (entry: T) => { readonly phase: string } & Span,
  ): readonly PlannedFault[] => {
    const numbers = new Map<string, number>()
    return entries.map((entry, i) => {
      const surfaces = full(entry.surface)
      const where = `${owner} ${surfaces.toSorted().join()}`
      const number = (numbers.get(where) ?? 0) + 1
      numbers.set(where, number)
      return {
        index: counter++,
        path: `${path}[${i}]`,
        drawKey: `${where} ${number}`,
        ...place(entry),
        surfaces,
        options: entry.mix ? entry.mix.map(m => option(m.fault, m.share)) : entry.fault ? [option(entry.fault, 1)] : [],
        share: entry.share ?? 1,
        sticky: entry.sticky,
        when: entry.when ?? {},
      }
    })
  }

  const phases: PlannedPhase[] = []
  const reacting: CapacityPhase[] = []
  let clockMs = 0
  const add = (phase: Phase, path: string, lap: number) => {
    const span = { startMs: clockMs, endMs: clockMs + phase.for }
    const name = lap === 1 ? phase.name : `${phase.name}#${lap}`
    phases.push({
      name,
      base: phase.name,
      ...span,
      faults: planFaults(phase.faults ?? [], `${path}.faults`, name, () => ({ phase: name, ...span })),
      limits: (phase.limits ?? []).map((entry, i) => ({
        index: counter++,
        path: `${path}.limits[${i}]`,
        phase: name,
        ...span,
        surfaces: full(entry.surface),
        entry,
      })),
    })
    reacting.push({ ...span, name, path, entries: phase.capacity ?? [], faults: phases.at(-1)?.faults ?? [] })
    clockMs = span.endMs
  }
  scenario.phases.forEach((item, i) => {
    if (!isRepeat(item)) add(item, `phases[${i}]`, 1)
    else
      for (let lap = 1; lap <= item.repeat.times; lap++)
        item.repeat.phases.forEach((phase, j) => {
          add(phase, `phases[${i}].repeat.phases[${j}]`, lap)
        })
  })

  // The world is healthy before the first phase and after the last, whatever a track says.
  const within = (t: number) => Math.min(Math.max(t, 0), clockMs)
  const tracks = planFaults(scenario.faults ?? [], 'faults', ' ', ({ from, until }) => {
    const startMs = within(instantMs(from, phases, clockMs))
    const endMs = within(instantMs(until, phases, clockMs))
    return { phase: phaseNameAt(phases, startMs, clockMs), startMs, endMs }
  })
  const capacity = planCapacity({
    ...{ entries: scenario.capacity ?? [], phases: reacting, tracks, lengthMs: clockMs },
    ...{ nextIndex: () => counter++, fullSurfaces: full },
  })
  const drainMs = drainAfterMs({ scenario, phases, tracks, capacity, lengthMs: clockMs })
  return {
    scenario,
    phases,
    tracks,
    capacity,
    lengthMs: clockMs,
    warmUpMs: scenario.steady_state?.for ?? usualWarmUpMs,
    tailMs: Math.max(leastTailMs, drainMs > 0 ? drainMs + 2 * minuteMs : 0),
    drainMs,
  }
}

/**
 * Bare names belong to the scenario's provider; `openai.api` names its own; and `own`, the scenario's own surfaces, belong to
 * `http`.
 */
export function fullSurface(name: string, provider: string, own: ReadonlySet<string> = none): string {
  const head = name.split('.')[0] ?? name
  if (providerNames.has(head)) return name
  const isOwn = own.size > 0 && [...own].some(surface => covers(surface, name))
  return surfaceName(isOwn ? 'http' : provider, name)
}

const none: ReadonlySet<string> = new Set()

/** The scenario's own surfaces, without a provider's name. */
export function ownSurfaces({ surfaces }: Scenario): ReadonlySet<string> {
  return surfaces ? new Set(Object.keys(surfaces).map(ownSurfaceName)) : none
}

/** Both `tickets` and `http.tickets` are `tickets`. */
export function ownSurfaceName(name: string): string {
  return name.startsWith('http.') ? name.slice('http.'.length) : name
}

/** First words of a surface's name that are a provider and not a part of one. */
export const providerNames: ReadonlySet<string> = new Set([
  'anthropic',
  'openai',
  'gemini',
  'bedrock',
  'vertex',
  'http',
])

/** Milliseconds of an instant; `start` and `end` are the scenario's own. */
export function instantMs(instant: Instant, phases: readonly PlannedPhase[], lengthMs: number): number {
  if (instant.phase === 'start') return instant.offset
  if (instant.phase === 'end') return lengthMs + instant.offset
  const phase = phases.find(p => p.name === instant.phase)
  invariant(phase, `unknown phase ${instant.phase}`)
  return phase.startMs + instant.offset
}

/** The phase in force at `t`, or `undefined` before the first and after the last. At a shared instant the later one holds. */
export function phaseAt(phases: readonly PlannedPhase[], t: number): PlannedPhase | undefined {
  let low = 0
  let high = phases.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const phase = phases[middle]
    invariant(phase, 'in range')
    if (t < phase.startMs) high = middle - 1
    else if (t >= phase.endMs) low = middle + 1
    else return phase
  }
  return undefined
}

/** Name of the time `t` for the journal: `steady-state`, a phase, or `healed`. */
export function phaseNameAt(phases: readonly PlannedPhase[], t: number, lengthMs: number): string {
  if (t < 0) return 'steady-state'
  return phaseAt(phases, t)?.name ?? (t >= lengthMs ? 'healed' : 'steady-state')
}

/** All planned faults, tracks first. */
export function plannedFaults(plan: Plan): readonly PlannedFault[] {
  return [...plan.tracks, ...plan.phases.flatMap(phase => phase.faults)]
}

export function plannedLimits(plan: Plan): readonly PlannedLimit[] {
  return plan.phases.flatMap(phase => phase.limits)
}

/** The capacity of phases; the scenario's own, which always holds, is not among them. */
export function plannedCapacity(plan: Plan): readonly PlannedCapacity[] {
  return plan.capacity.filter(({ phase }) => phase !== wholeRun)
}

/**
 * Stretches in which a fault (or, with `limits`, also a rate limit or a phase's capacity) is in force on `surface` (a
 * full name) or on a part of it, merged where they touch. What oracles call an outage of that surface.
 */
export function outageStretches(plan: Plan, surface: string, { limits = true } = {}): readonly Span[] {
  const touches = (entry: { surfaces: readonly string[] }) =>
    entry.surfaces.some(pattern => covers(pattern, surface) || covers(surface, pattern))
  const spans: Span[] = [...plannedFaults(plan), ...(limits ? [...plannedLimits(plan), ...plannedCapacity(plan)] : [])]
    .filter(entry => touches(entry) && entry.endMs > entry.startMs)
    .map(({ startMs, endMs }) => ({ startMs, endMs }))
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
  const merged: Span[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last && span.startMs <= last.endMs)
      merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, span.endMs) }
    else merged.push(span)
  }
  return merged
}

/** The first index of what is injected on the way; those of a plan's own entries are far below. */
export const firstInjected = 1_000_000
