import type { RequestHandler } from 'msw'
import { Attributor } from '../attribution/attribution.ts'
import { ambientClock, type Clock } from '../clock/clock.ts'
import type { JournalEvent } from '../journal/event.ts'
import { Journal } from '../journal/journal.ts'
import { UsageError } from '../lib/errors.ts'
import type { Plan } from '../model/timeline.ts'
import { phaseNameAt } from '../model/timeline.ts'
import { createWorld } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'
import { responderHandler } from './msw-handler.ts'
import { Responder } from './responder.ts'

export interface OutageOptions {
  readonly plan: Plan
  readonly seed: number
  readonly providers: readonly Provider[]
  /** The globals' own timers when absent: real ones, or a test framework's fake ones. */
  readonly clock?: Clock
}

/** MSW handlers for one scenario, to be spread into `setupServer`, with the outage's own switch. */
export interface Outage extends Array<RequestHandler> {
  /** The scenario's timeline begins now. Before, every request to a provider is answered well. */
  start(): void
  /** The outage is over, whatever the timeline says. */
  stop(): void
  /** Where the timeline is: `steady-state`, a phase, or `healed`. */
  readonly phase: string
  /** What happened so far, in the journal's terms. */
  readonly journal: readonly JournalEvent[]
}

/**
 * Handlers that answer as the provider would during the outage. They match requests to the scenario's providers and
 * nothing else, so they stand beside one's own handlers.
 */
export function createOutage({ plan, seed, providers, clock = ambientClock }: OutageOptions): Outage {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to make handlers: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it.')
  let startedMs: number | undefined
  let stopped = false
  const journal = new Journal()
  // Not started, or stopped: the clock stands where nothing is in force.
  const origin = () => {
    if (stopped) return clock.now() - plan.lengthMs
    return startedMs ?? clock.now() + plan.warmUpMs
  }
  const responder = new Responder({
    plan,
    seed,
    providers,
    journal,
    world: createWorld(),
    attributor: new Attributor(),
    now: () => clock.now(),
    origin,
  })
  return Object.defineProperties(
    Object.assign([responderHandler({ responder, clock })], {
      start() {
        startedMs = clock.now()
        stopped = false
      },
      stop() {
        stopped = true
      },
    }),
    {
      phase: { get: () => phaseNameAt(plan.phases, clock.now() - origin(), plan.lengthMs) },
      journal: { get: () => journal.events },
    },
  ) as Outage
}
