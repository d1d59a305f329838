import type { Mark } from '../journal/event.ts'
import { type Inject, injectOf, injectText } from '../model/game-day.ts'
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
  /** People are told what the game day has for them: each inject is a line of the journal at its time. */
  readonly tellsInjects?: boolean | undefined
  /** Whether the timeline moved over it: then what was to happen there never does. */
  isSkipped(s: number): boolean
}

/** All that a scenario has happen by itself, as items of an agenda. */
export function itemsOf({ stage, written, targets, apply, isSkipped, tellsInjects }: ItemsOptions): readonly Item[] {
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
      isToldBy: event => event.type === 'phase-entered' && event.phase === name,
    }),
  )
  const healed: Item = {
    s: written.lengthMs,
    run: t => {
      journal.write({ type: 'phase-entered', t, phase: 'healed' })
      apply()
    },
    isToldBy: event => event.type === 'phase-entered' && event.phase === 'healed',
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
      isToldBy: event =>
        event.type === 'status-changed' &&
        event.incident === incident &&
        event.says === says &&
        JSON.stringify(event.components) === JSON.stringify(components),
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
      isToldBy: line => line.type === 'client-event' && line.event in event,
    }),
  )
  const injects = (tellsInjects ? (written.scenario.game_day?.injects ?? []) : []).map((inject, i): Item => {
    const s = Math.max(msOf(inject.at), -written.warmUpMs)
    return {
      s,
      run: t => journal.write(injectMark(inject, i, t)),
      isMoot: () => isSkipped(s),
      isToldBy: event => event.type === 'mark' && event.mark === 'inject' && numberOf(event.detail) === i,
    }
  })
  return [...phases, healed, ...edges, ...status, ...events, ...injects]
}

/** Which of the game day's injects it is. */
function numberOf(detail: Mark['detail']): unknown {
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'inject') : undefined
}

/** Who is told what; what its player hopes for is not in the journal, which responders may read. */
function injectMark(inject: Inject, index: number, t: number): Mark {
  const { kind, text } = injectOf(inject)
  const { from, to = 'responders', subject } = inject
  return {
    ...{ type: 'mark', t, mark: 'inject', says: injectText(inject) },
    detail: {
      inject: index,
      kind,
      to,
      text,
      ...(from !== undefined && { from }),
      ...(subject !== undefined && { subject }),
    },
  }
}
