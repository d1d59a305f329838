import { bypass, type RequestHandler } from 'msw'
import { Attributor } from '../attribution/attribution.ts'
import { ambientClock, type Clock } from '../clock/clock.ts'
import type { JournalEvent } from '../journal/event.ts'
import { Journal } from '../journal/journal.ts'
import { UsageError } from '../lib/errors.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import { type Plan, phaseNameAt } from '../model/timeline.ts'
import { createWorld, type World } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'
import type { Fetch } from './fetch-tap.ts'
import { responderHandler } from './msw-handler.ts'
import { unsupportedByHandlers } from './msw-support.ts'
import { Responder } from './responder.ts'
import { createUpstream } from './upstream.ts'

export interface OutageOptions {
  readonly plan: Plan
  readonly seed: number
  readonly providers: readonly Provider[]
  /** Answers of the user's own, tried in this order. */
  readonly answers?: readonly AnswerEntry[]
  /** Base URL of another mock on this machine that answers in the provider's place. */
  readonly answersFrom?: string
  /** The globals' own timers when absent: real ones, or a test framework's fake ones. */
  readonly clock?: Clock
}

/** MSW handlers for one scenario, to be spread into `setupServer`, with the outage's own switch. */
export interface Outage extends Array<RequestHandler> {
  /** The scenario's timeline begins now, with a clean slate: rate limits, counters and journal are those of a first start. */
  start(): void
  /** The outage is over, whatever the timeline says: every request is answered well again. */
  stop(): void
  /** Where the timeline is: `steady-state` until it starts, then a phase, then `healed`. */
  readonly phase: string
  /** What happened since the last start, in the journal's terms: phases and attempts. */
  readonly journal: readonly JournalEvent[]
}

/**
 * Handlers that answer as the provider would during the outage. They match requests to the scenario's providers and
 * nothing else, so they stand beside one's own handlers. Throws a `UsageError` for what they cannot perform.
 */
export function createOutage({
  plan,
  seed,
  providers,
  answers = [],
  answersFrom,
  clock = ambientClock,
}: OutageOptions): Outage {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to make handlers: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it.')
  const [problem] = unsupportedByHandlers(plan.scenario)
  if (problem) throw new UsageError(`Failed to make handlers: ${problem.message} (${problem.path})`, problem.hint)
  const upstream = answersFrom === undefined ? undefined : createUpstream(answersFrom, aroundMsw)
  let startedMs: number | undefined
  let stopped = false

  // Not started, or stopped: the clock stands where nothing is in force.
  const origin = () => {
    if (stopped) return clock.now() - plan.lengthMs
    return startedMs ?? clock.now() + plan.warmUpMs
  }
  let journal: PhasedJournal
  let world: World
  const open = () => {
    journal = new PhasedJournal(plan, () => Math.round(clock.now() - origin()))
    const now = () => clock.now()
    world = createWorld()
    world.reacts = startedMs !== undefined
    const attributor = new Attributor()
    return new Responder({
      ...{ plan, seed, providers, answers, journal, world, attributor, now, origin },
      ...(upstream && { upstream }),
    })
  }
  let responder = open()

  const handlers = [responderHandler({ responder: () => responder, clock })]
  const controls: Pick<Outage, 'start' | 'stop'> = {
    start() {
      startedMs = clock.now()
      stopped = false
      responder = open()
    },
    stop() {
      journal.heal(plan.lengthMs)
      world.reacts = false
      stopped = true
    },
  }
  return Object.defineProperties(Object.assign(handlers, controls), {
    phase: { get: () => phaseNameAt(plan.phases, clock.now() - origin(), plan.lengthMs) },
    journal: { get: () => journal.events },
  }) as Outage
}

/** Requests of our own, which no handler is to see. */
const aroundMsw: Fetch = (input, init) => fetch(bypass(new Request(input, init)))

/** A journal that notices by itself, with the next event, which phases were entered meanwhile. */
class PhasedJournal extends Journal {
  private marks: { t: number; phase: string }[]
  private readonly now: () => number

  constructor(plan: Plan, now: () => number) {
    super()
    this.now = now
    const phases = plan.phases.map(({ startMs, name }) => ({ t: startMs, phase: name }))
    this.marks = [{ t: -plan.warmUpMs, phase: 'steady-state' }, ...phases, { t: plan.lengthMs, phase: 'healed' }]
  }

  /** The phases still to come never will. */
  heal(t: number): void {
    this.catchUp()
    this.marks = [{ t, phase: 'healed' }]
  }

  override write(event: JournalEvent): void {
    this.catchUp()
    super.write(event)
  }

  private catchUp(): void {
    for (let mark = this.marks[0]; mark && mark.t <= this.now(); mark = this.marks[0]) {
      super.write({ type: 'phase-entered', ...mark })
      this.marks.shift()
    }
  }
}
