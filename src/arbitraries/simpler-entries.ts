import type {
  FaultEntry,
  FaultRef,
  Instant,
  Json,
  Level,
  LimitEntry,
  ParamValue,
  Phase,
  Scenario,
} from '../model/scenario.ts'
import { fewer, phasesOf, replaced, withKey, withPhase } from './parts.ts'
import { shorter } from './simpler-timeline.ts'

/** Less that happens besides the phases. */
export function* fewerHappenings(scenario: Scenario): Generator<Scenario> {
  for (const key of [
    'events',
    'status_page',
    'faults',
    'capacity',
    'stop_when',
    'tokens',
    'answers',
    'surfaces',
    'steady_state',
  ] as const)
    if (scenario[key] !== undefined) yield withKey(scenario, key, undefined)
  for (const events of fewer(scenario.events ?? [])) yield withKey(scenario, 'events', events)
  for (const updates of fewer(scenario.status_page ?? [])) yield withKey(scenario, 'status_page', updates)
  for (const tracks of fewer(scenario.faults ?? [])) yield withKey(scenario, 'faults', tracks)
  for (const capacity of fewer(scenario.capacity ?? [])) yield withKey(scenario, 'capacity', capacity)
}

/** Less that goes wrong in the phases. */
export function* fewerEntries(scenario: Scenario): Generator<Scenario> {
  for (const { name, faults = [], limits = [], capacity = [] } of phasesOf(scenario)) {
    const change = (key: 'faults' | 'limits' | 'capacity', to: Phase[typeof key]) =>
      withPhase(scenario, name, phase => withKey(phase, key, to))
    for (const rest of fewer(faults)) yield change('faults', rest)
    for (const rest of fewer(limits)) yield change('limits', rest)
    for (const rest of fewer(capacity)) yield change('capacity', rest)
  }
}

/** Entries that say less: without conditions, shares and parameters of their own. */
export function* plainerEntries(scenario: Scenario): Generator<Scenario> {
  for (const { name, faults = [], limits = [], capacity = [], note } of phasesOf(scenario)) {
    if (note !== undefined) yield withPhase(scenario, name, phase => withKey(phase, 'note', undefined))
    for (const [i, entry] of faults.entries())
      for (const plain of plainer(entry))
        yield withPhase(scenario, name, phase => ({ ...phase, faults: replaced(faults, i, plain) }))
    for (const [i, entry] of limits.entries())
      for (const plain of plainerLimits(entry))
        yield withPhase(scenario, name, phase => ({ ...phase, limits: replaced(limits, i, plain) }))
    for (const [i, { surface, ...entry }] of capacity.entries())
      for (const key of Object.keys(entry) as (keyof typeof entry)[])
        yield withPhase(scenario, name, phase => ({
          ...phase,
          capacity: replaced(capacity, i, withKey({ surface, ...entry }, key, undefined)),
        }))
  }
  for (const [i, { from, until, ...entry }] of (scenario.faults ?? []).entries())
    for (const plain of plainer(entry))
      yield { ...scenario, faults: replaced(scenario.faults ?? [], i, { from, until, ...plain }) }
  yield* plainerEvents(scenario)
}

function* plainer(entry: FaultEntry): Generator<FaultEntry> {
  for (const key of ['when', 'sticky', 'share'] as const)
    if (entry[key] !== undefined) yield withKey(entry, key, undefined)
  const { mix, fault, ...rest } = entry
  for (const part of mix ?? []) yield { ...rest, fault: part.fault }
  if (entry.surface.length > 1) for (const surface of entry.surface) yield { ...entry, surface: [surface] }
  if (fault) for (const plain of plainerFaults(fault)) yield { ...entry, fault: plain }
  if (entry.when) for (const when of lessOf(entry.when)) yield { ...entry, when }
  const { share } = entry
  if (share !== undefined) for (const level of plainerLevels(share, [0.9, 0.5, 0.1])) yield { ...entry, share: level }
}

/** `value` without each of its keys, where it has several. */
function* lessOf<T extends object>(value: T): Generator<T> {
  const keys = Object.keys(value) as (keyof T)[]
  if (keys.length > 1) for (const key of keys) yield withKey(value, key, undefined)
}

function* plainerFaults({ id, params }: FaultRef): Generator<FaultRef> {
  const names = Object.keys(params)
  if (names.length > 1) yield { id, params: {} }
  for (const name of names) yield { id, params: withKey(params, name, undefined) }
  for (const name of names)
    for (const value of plainerValues(params[name])) yield { id, params: { ...params, [name]: value } }
}

function* plainerValues(value: ParamValue | undefined): Generator<Json> {
  if (typeof value === 'number' && value >= 1_000) yield* shorter(value)
  if (typeof value !== 'object' || value === null || !('events' in value)) return
  const { events } = value
  if (typeof events === 'number' && events > 1) yield { events: 1 }
}

/** A ramp becomes one of its ends; a number becomes a rounder one, by its place in `round`. */
function* plainerLevels(level: Level, round: readonly number[]): Generator<Level> {
  if (typeof level !== 'number') {
    yield Math.max(level.from, level.to)
    yield Math.min(level.from, level.to)
    return
  }
  const place = round.indexOf(level)
  yield* place < 0 ? round : round.slice(0, place)
}

function* plainerLimits(limit: LimitEntry): Generator<LimitEntry> {
  for (const key of ['per', 'burst', 'retry_after'] as const)
    if (limit[key] !== undefined) yield withKey(limit, key, undefined)
  if (limit.retry_after?.value !== undefined) yield { ...limit, retry_after: { as: limit.retry_after.as } }
  if (limit.requests !== undefined)
    for (const requests of plainerLevels(limit.requests, [10, 1, 60])) yield { ...limit, requests }
}

function* plainerEvents(scenario: Scenario): Generator<Scenario> {
  const events = scenario.events ?? []
  for (const [i, event] of events.entries()) {
    const set = (by: typeof event): Scenario => ({ ...scenario, events: replaced(events, i, by) })
    for (const at of plainerInstants(event.at)) yield set({ ...event, at })
    if ('restart' in event && event.restart !== true) yield set({ at: event.at, restart: true })
    if ('crash' in event && event.crash !== true) yield set({ at: event.at, crash: true })
    if ('offline' in event) for (const ms of shorter(event.offline)) yield set({ at: event.at, offline: ms })
  }
  const tracks = scenario.faults ?? []
  for (const [i, track] of tracks.entries()) {
    for (const from of plainerInstants(track.from))
      yield { ...scenario, faults: replaced(tracks, i, { ...track, from }) }
    for (const until of plainerInstants(track.until))
      yield { ...scenario, faults: replaced(tracks, i, { ...track, until }) }
  }
}

function* plainerInstants({ phase, offset }: Instant): Generator<Instant> {
  if (offset === 0) return
  yield { phase, offset: 0 }
  for (const ms of shorter(Math.abs(offset))) yield { phase, offset: Math.sign(offset) * ms }
}
