import { noEndMs } from '../drill/live-timeline.ts'
import { movedGameDay } from '../model/game-day.ts'
import type { Instant } from '../model/scenario.ts'
import { instantMs, type Plan, type Span } from '../model/timeline.ts'

/**
 * The plan to be drawn while a phase is held: what waits behind it has no time yet, and stands where it would come if the
 * phase were let go at `t`. It is for people to look at alone.
 */
export function asIfReleased(plan: Plan, { sinceMs, t }: { readonly sinceMs: number; readonly t: number }): Plan {
  const move = (ms: number) => (ms > noEndMs / 2 && Number.isFinite(ms) ? ms - noEndMs + (t - sinceMs) : ms)
  const moved = <T extends Span>(span: T): T => ({ ...span, startMs: move(span.startMs), endMs: move(span.endMs) })
  const at = (instant: Instant): Instant => ({
    phase: 'start',
    offset: move(instantMs(instant, plan.phases, plan.lengthMs)),
  })
  const { scenario } = plan
  const { status_page, events, game_day } = scenario
  return {
    ...plan,
    scenario: {
      ...scenario,
      ...(status_page && { status_page: status_page.map(update => ({ ...update, at: at(update.at) })) }),
      ...(events && { events: events.map(event => ({ ...event, at: at(event.at) })) }),
      ...(game_day && { game_day: movedGameDay(game_day, at) }),
      ...(scenario.faults && {
        faults: scenario.faults.map(track => ({ ...track, from: at(track.from), until: at(track.until) })),
      }),
    },
    phases: plan.phases.map(phase => ({
      ...moved(phase),
      faults: phase.faults.map(moved),
      limits: phase.limits.map(moved),
    })),
    tracks: plan.tracks.map(moved),
    capacity: plan.capacity.map(moved),
    lengthMs: move(plan.lengthMs),
  }
}
