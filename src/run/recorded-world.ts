import { connectionFault } from '../engines/loopback/connection-fault.ts'
import { isBreak } from '../journal/breaks.ts'
import type { AttemptStarted, JournalEvent, TaskStarted } from '../journal/event.ts'
import { type Arrival, surfaceName } from '../model/arrival.ts'
import { isTarget, scopeOf } from '../model/decide.ts'
import { type Plan, type PlannedFault, phaseAt, plannedFaults, plannedLimits, shareAt } from '../model/timeline.ts'
import { countOf, createWorld, type World } from '../model/world.ts'

/**
 * What the provider's counters must have been, as far as a journal shows it: whom each entry could have hit and whom it
 * did. Chances are summed up only where they are plain shares, and not where an entry counts in its `when`.
 */
export function recordedWorld(events: readonly JournalEvent[], recorded: Plan): World {
  const world = createWorld()
  const tasks = new Map<string, TaskStarted>()
  const plan = anywhere(recorded)
  let untouched = [...plannedFaults(plan), ...plannedLimits(plan), ...plan.capacity]
  let isBroken = false
  for (const event of events) {
    if (isBreak(event)) isBroken = event.mark === 'interrupted'
    if (isBroken) continue
    if (event.type === 'task-started') tasks.set(event.task, event)
    if (event.type !== 'attempt-started' || event.effect === 'offline') continue
    const arrival = arrivalOf(event, event.task === undefined ? undefined : tasks.get(event.task))
    const surface = surfaceName(event.provider, event.surface)
    const touched = untouched.filter(target => isTarget(target, arrival, surface))
    if (touched.length > 0) untouched = untouched.filter(target => !touched.includes(target))
    for (const { index } of touched) world.touched.add(index)
    if (event.t >= 0) countArrival(event, { arrival, surface, plan, world })
  }
  return world
}

/** Entries that close a port, of which nobody is left to tell: in force when their phase began. By their place in the plan. */
export function recordedClosures(plan: Plan, endMs: number): ReadonlySet<number> {
  const starts = [...plan.phases, ...plan.tracks].map(({ startMs }) => startMs).filter(t => t >= 0 && t <= endMs)
  const surfaces = new Set(plannedFaults(plan).flatMap(fault => fault.surfaces))
  const closed = new Set<number>()
  for (const t of new Set(starts))
    for (const name of surfaces) {
      const [provider = '', ...rest] = name.split('.')
      const fault = connectionFault(plan, t, { provider, surface: rest.join('.'), host: '' })
      if (fault) closed.add(fault.entry.index)
    }
  return closed
}

interface Counting {
  readonly arrival: Arrival
  readonly surface: string
  readonly plan: Plan
  readonly world: World
}

function countArrival(event: AttemptStarted, { arrival, surface, plan, world }: Counting): void {
  const { t } = event
  const phase = phaseAt(plan.phases, t)
  const tracks = plan.tracks.filter(track => t >= track.startMs && t < track.endMs)
  const faults = [...tracks, ...(phase?.faults ?? [])].filter(fault => isTarget(fault, arrival, surface))
  const hit = event.fault === undefined ? undefined : hitOf(event, faults, plan)
  let isTaken = false
  for (const fault of faults) {
    if (isTaken) {
      countOf(world, fault).shadowed++
      continue
    }
    const count = countOf(world, fault)
    count.eligible++
    const scope = scopeOf(fault.when, arrival)
    count.byScope.set(scope, (count.byScope.get(scope) ?? 0) + 1)
    count.expected += chanceOf(fault, event, arrival, count.drawnFor)
    isTaken = fault === hit
  }
  if (hit) countOf(world, hit).hits++
  const isOfNoFault = event.fault === undefined
  for (const limit of phase?.limits ?? []) {
    if (!isTarget(limit, arrival, surface)) continue
    const count = countOf(world, limit)
    if (!isOfNoFault) count.shadowed++
    else {
      count.eligible++
      if (event.entry === limit.path) count.hits++
    }
  }
  const [capacity] = plan.capacity.filter(
    entry => t >= entry.startMs && t < entry.endMs && isTarget(entry, arrival, surface),
  )
  if (!capacity) return
  const count = countOf(world, capacity)
  if (!isOfNoFault || event.effect === 'limited') count.shadowed++
  else {
    count.eligible++
    if (event.entry === capacity.path || event.waitMs !== undefined) count.hits++
  }
}

/** The entry that the journal names; the lap that is in force, or else the nearest. */
function hitOf({ entry, t }: AttemptStarted, inForce: readonly PlannedFault[], plan: Plan): PlannedFault | undefined {
  const laps = plannedFaults(plan).filter(({ path }) => path === entry)
  const distance = (fault: PlannedFault) => Math.max(fault.startMs - t, t - fault.endMs)
  return inForce.find(({ path }) => path === entry) ?? laps.toSorted((a, b) => distance(a) - distance(b))[0]
}

function chanceOf(fault: PlannedFault, event: AttemptStarted, arrival: Arrival, drawnFor: Set<string>): number {
  const { first, nth, every } = fault.when
  if (first !== undefined || nth !== undefined || every !== undefined) return 0
  if (fault.sticky !== undefined) {
    const who = {
      call: event.call,
      user: `${arrival.instance} ${arrival.user}`,
      key: arrival.key,
      session: arrival.session,
    }
    const name = who[fault.sticky] ?? ''
    if (drawnFor.has(name)) return 0
    drawnFor.add(name)
  }
  const weight = fault.options.reduce((sum, option) => sum + option.share, 0)
  return shareAt(fault, event.t) * weight
}

/** A journal does not tell regions: an entry on one of them could have hit anybody. */
function anywhere(plan: Plan): Plan {
  const free = ({ when: { region: _, ...when }, ...fault }: PlannedFault): PlannedFault => ({ ...fault, when })
  const phases = plan.phases.map(phase => ({ ...phase, faults: phase.faults.map(free) }))
  return { ...plan, phases, tracks: plan.tracks.map(free) }
}

function arrivalOf(event: AttemptStarted, task: TaskStarted | undefined): Arrival {
  return {
    ...{ provider: event.provider, surface: event.surface, model: event.model, streaming: event.streaming },
    ...{ key: event.key, tenant: task?.tenant, region: undefined, session: task?.session },
    ...{ inputTokens: 0, maxOutputTokens: 0, instance: event.instance, user: task?.user ?? -1 },
    ...{ taskNumber: -1, attemptNumber: event.n, call: event.call, callNumber: 0 },
  }
}
