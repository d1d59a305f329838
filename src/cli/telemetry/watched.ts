import { inNoContext } from '../../attribution/attribution.ts'
import { nativeEpochMs } from '../../clock/native.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { PlannedCapacity } from '../../model/capacity-plan.ts'
import {
  type Plan,
  type PlannedFault,
  type PlannedLimit,
  plannedCapacity,
  plannedFaults,
  plannedLimits,
} from '../../model/timeline.ts'

/** A drill as those see it who tell others of it. */
export interface Watched {
  readonly session: {
    journal(since?: number): readonly JournalEvent[]
    subscribe(listener: (event: JournalEvent) => void): () => void
    /** As people have moved it. */
    plan(): Plan
    /** When t = 0 is or was, ms since the epoch. */
    originWallMs(): number
  }
  readonly speed: number
  /** Events of the journal that a process before this one has written, and told of: a drill that was resumed. */
  readonly told?: number | undefined
}

export interface Listener {
  readonly since?: number | undefined
  take(event: JournalEvent): void
  failed(error: unknown): void
}

/**
 * Calls `take` with all that was written from the `since`-th event on, and all that will be; the returned function ends that. It is nobody's code: what
 * it begins is not the app's, in whose code an event may be written, and what it throws does not reach the app.
 */
export function listen({ session }: Watched, { since = 0, take, failed }: Listener): () => void {
  const takeSafely = (event: JournalEvent) =>
    inNoContext(() => {
      try {
        take(event)
      } catch (error) {
        failed(error)
      }
    })
  for (const event of session.journal(since)) takeSafely(event)
  return session.subscribe(takeSafely)
}

/** The scenario's time now, ms. */
export function scenarioMs({ session, speed }: Watched): number {
  return Math.round((nativeEpochMs() - session.originWallMs()) * speed)
}

/** When it is `t` in the scenario, ms since the epoch. */
export function wallMsAt({ session, speed }: Watched, t: number): number {
  return session.originWallMs() + t / speed
}

export type Entry = PlannedFault | PlannedLimit | PlannedCapacity

/** All that a phase, a track or a person puts on a surface for a time. */
export function entriesOf(plan: Plan): readonly Entry[] {
  const all = [...plannedFaults(plan), ...plannedLimits(plan), ...plannedCapacity(plan)]
  return all.filter(({ startMs, endMs }) => endMs > startMs)
}

/** The ids of its faults; `limit` and `capacity` for what is none. */
export function faultsOf(entry: Entry): readonly string[] {
  if ('options' in entry) return entry.options.map(({ fault }) => fault.id)
  return ['pool' in entry ? 'capacity' : 'limit']
}
