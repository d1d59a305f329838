import type { CapacityEntry, WorkloadSpec } from '../model/scenario.ts'
import { leastTailMs } from '../model/timeline.ts'
import { type Making, shownSurface } from './entries.ts'
import type { Frame } from './frame.ts'
import { nearestNice } from './times.ts'

export interface SizeOptions {
  /** Requests in a healthy run, at most, about. */
  readonly attempts: number
}

/** An app copes with so many, whatever it is. */
const usualTasksAMinute = 30

/** How long a healthy provider is watched before anything happens, ms. */
const warmUpMs = 120_000

/**
 * As many users and tasks as a run of so many attempts can have: often a handful of users, now and then a crowd, for what
 * shows in crowds only.
 */
export function drawWorkload(
  { dice, frame, profile }: Making,
  lengthMs: number,
  { attempts }: SizeOptions,
): WorkloadSpec {
  const own = frame.app.workload ?? {}
  const few = dice.weighted([
    [2, 1],
    [2, 2],
    [4, 6],
    [2, 12],
  ] as const)
  const users = profile.crowd ? (own.users ?? 60) : Math.min(few, own.users ?? few)
  // A crowd of few tasks shows nothing that a handful of users would not.
  const most = Math.max(10, Math.floor(((profile.crowd ? 3 : 1) * attempts) / frame.attemptsPerTask))
  const tasks = Math.max(profile.crowd ? most : Math.min(most, dice.pick([30, 60, 120, 240])), users)
  const think = Math.max(
    shortestThink(users, frame),
    nearestNice((users * (lengthMs + leastTailMs + warmUpMs)) / tasks),
  )
  const streaming =
    own.streaming ??
    dice.weighted([
      [3, undefined],
      [3, 0.5],
      [2, 1],
      [1, 0],
    ] as const)
  const questions =
    own.questions ??
    dice.weighted([
      [4, undefined],
      [2, 5],
      [1, 1],
    ] as const)
  const { tasks: _tasks, arrivals, ...rest } = own
  return {
    ...rest,
    users,
    ...(arrivals === undefined ? { think } : { arrivals }),
    ...(streaming !== undefined && { streaming }),
    ...(questions !== undefined && { questions }),
  }
}

/** Ms between a user's tasks, at the least: an outage is to show what it does to an app, not what too much work does. */
function shortestThink(users: number, { jobs, attemptsPerTask }: Frame): number {
  const tasksAMinute = jobs ? 15 : Math.max(usualTasksAMinute, 100 / attemptsPerTask)
  return Math.max(1_000, Math.ceil((users * 60) / tasksAMinute) * 1_000)
}

/** How busy a provider is that has not much to spare; any busier, and it turns requests away on a good day. */
const loads = [0.5, 0.6, 0.7]
/** With fewer slots chance alone fills them all, now and then. */
const fewestSlots = 10

/** A provider that is not far from what it can, at times; turning a request away costs it something too. */
export function drawCapacity({ dice, frame, profile }: Making, workload: WorkloadSpec): readonly CapacityEntry[] {
  const surface = profile.surfaces.find(({ kind }) => kind === 'model')
  if (!profile.nearItsLimit || !surface) return []
  const service = dice.pick([1_000, 1_600, 3_000])
  const load = dice.pick(loads)
  const rejectCost = dice.pick([0.1, 0.33])
  return [capacityFor(workload, { frame, surface: shownSurface(surface.name, frame), service, load, rejectCost })]
}

export interface CapacityOptions {
  readonly frame: Frame
  readonly surface: string
  /** Of an answer, ms. */
  readonly service: number
  /** Part of it that is busy on a good day. */
  readonly load: number
  /** What it costs to turn a request away, as a part of an answer. */
  readonly rejectCost: number
}

/** As many slots as this traffic needs, and few more. */
export function capacityFor(
  { users = 1, think = 0 }: WorkloadSpec,
  { frame, surface, service, load, rejectCost }: CapacityOptions,
): CapacityEntry {
  const busy = (users * frame.attemptsPerTask * service) / (think + service)
  // One app alone overloads nobody: it shares the provider with others like it.
  const population = Math.max(10, Math.ceil((fewestSlots * load) / busy))
  return {
    surface: [surface],
    slots: Math.ceil((busy * population) / load),
    service,
    cv: 0.5,
    max_wait: 15_000,
    reject_cost: rejectCost,
    population,
  }
}
