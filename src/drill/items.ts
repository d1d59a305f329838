import { instantMs, type Plan, plannedFaults } from '../model/timeline.ts'
import { type EventTargets, happen } from '../run/client-events.ts'
import type { Stage } from '../run/stage.ts'
import type { Item } from './agenda.ts'

export interface ItemsOptions {
  readonly stage: Stage
  readonly written: Plan
  /** The app and its traffic, once it is up. */
  targets(): EventTargets | undefined
  /** Brings the wire to what is in force now. */
  apply(): void
  /** Whether the timeline moved over it: then what was to happen there never does. */
  isSkipped(s: number): boolean
}

/** All that a scenario has happen by itself, as items of an agenda. */
export function itemsOf({ stage, written, targets, apply, isSkipped }: ItemsOptions): readonly Item[] {
  const { journal } = stage
  const msOf = (at: Parameters<typeof instantMs>[0]) => instantMs(at, written.phases, written.lengthMs)
  const phases = written.phases.map(
    ({ name, startMs, endMs }): Item => ({
      s: startMs,
      run: t => {
        journal.write({ type: 'phase-entered', t, phase: name })
        apply()
      },
      // A phase that was skipped whole was never entered.
      isMoot: () => isSkipped(startMs) && isSkipped(endMs - 1),
    }),
  )
  const healed: Item = {
    s: written.lengthMs,
    run: t => {
      journal.write({ type: 'phase-entered', t, phase: 'healed' })
      apply()
    },
  }
  const edges = plannedFaults(written)
    .flatMap(({ startMs, endMs }) => [startMs, endMs])
    .filter((s, i, all) => s >= 0 && s < written.lengthMs && all.indexOf(s) === i)
    .map((s): Item => ({ s, run: apply }))
  const status = (written.scenario.status_page ?? []).map(
    ({ at, incident, components, says }): Item => ({
      s: Math.max(msOf(at), -written.warmUpMs),
      run: t =>
        journal.write({
          type: 'status-changed',
          t,
          ...(incident && { incident }),
          ...(components && { components }),
          ...(says !== undefined && { says }),
        }),
    }),
  )
  const events = (written.scenario.events ?? []).map(
    (event): Item => ({
      s: msOf(event.at),
      run: () => {
        const app = targets()
        if (!app || stage.over) return
        happen(event, stage, app)
        if ('offline' in event) {
          apply()
          stage.clock.after(event.offline + 1, apply)
        }
      },
      isMoot: () => isSkipped(msOf(event.at)),
    }),
  )
  return [...phases, healed, ...edges, ...status, ...events]
}
