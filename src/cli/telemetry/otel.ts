import { ambientClock } from '../../clock/clock.ts'
import { nativeEpochMs } from '../../clock/native.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { phaseNameAt } from '../../model/timeline.ts'
import type { RunResult } from '../../run/result.ts'
import { InForce } from './in-force.ts'
import { type Moment, momentOf, momentOfEnd, momentOfTurn } from './moment.ts'
import { type OtelSink, openOtelSink } from './otel-sink.ts'
import type { Outlet, OutletOptions } from './outlet.ts'
import { listen, scenarioMs, type Watched, wallMsAt } from './watched.ts'

export interface OtelOptions extends OutletOptions {
  readonly url: URL
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Real ms: so often it is looked which faults are in force, besides whenever something moves. */
const lookMs = 250

/** What may change which faults are in force. */
const moves: ReadonlySet<JournalEvent['type']> = new Set(['phase-entered', 'mark'])

/** Sends what happens in a drill as OpenTelemetry events. Rejects with a `UsageError` for what makes no sense. */
export async function openOtel({ url, env, say, mask }: OtelOptions): Promise<Outlet> {
  let isTold = false
  const lost = (why: string) => {
    if (isTold) return
    isTold = true
    say(`Events of the drill do not reach ${url.host} (${why}). It goes on without.`)
  }
  const sink = await openOtelSink({ url, env, onLost: lost })
  return new OtelEvents(sink, { mask, failed: error => lost(error instanceof Error ? error.message : String(error)) })
}

interface EventsOptions {
  mask(text: string): string
  failed(error: unknown): void
}

class OtelEvents implements Outlet {
  private readonly sink: OtelSink
  private readonly options: EventsOptions
  private readonly inForce = new InForce()
  private drill: Watched | undefined
  private leave = () => {}
  private cancel = () => {}

  constructor(sink: OtelSink, options: EventsOptions) {
    this.sink = sink
    this.options = options
  }

  begin(drill: Watched): void {
    this.drill = drill
    const { told = 0 } = drill
    // What is in force by now was told before, too.
    if (told > 0) this.inForce.look(drill.session.plan(), scenarioMs(drill))
    this.leave = listen(drill, {
      since: told,
      take: event => this.take(drill, event),
      failed: error => this.options.failed(error),
    })
    this.lookAgain(drill)
  }

  end(result: RunResult): void {
    if (this.drill) this.tell(this.drill, momentOfEnd(result), nativeEpochMs())
    this.stop()
  }

  close(): Promise<void> {
    this.stop()
    return this.sink.close()
  }

  private stop(): void {
    this.leave()
    this.cancel()
  }

  private take(drill: Watched, event: JournalEvent): void {
    const moment = momentOf(event)
    if (moment) this.tell(drill, moment, nativeEpochMs())
    if (moves.has(event.type)) this.look(drill, event.t)
    if (event.type === 'run-ended') {
      this.turn(drill, this.inForce.finish(event.t))
      this.stop()
    }
  }

  private lookAgain(drill: Watched): void {
    this.cancel = ambientClock.after(lookMs, () => {
      this.look(drill, Number.NEGATIVE_INFINITY)
      this.lookAgain(drill)
    })
  }

  /** `atLeast`: what is written for this time has come, however clocks round. */
  private look(drill: Watched, atLeast: number): void {
    const plan = drill.session.plan()
    this.turn(drill, this.inForce.look(plan, Math.max(atLeast, scenarioMs(drill))))
  }

  private turn(drill: Watched, turns: ReturnType<InForce['look']>): void {
    for (const turn of turns) this.tell(drill, momentOfTurn(turn), wallMsAt(drill, turn.t))
  }

  private tell(drill: Watched, { name, t, says, facts, isBad = false }: Moment, atMs: number): void {
    const { mask } = this.options
    const { scenario, phases, lengthMs } = drill.session.plan()
    const all: Moment['facts'] = {
      scenario: scenario.id,
      speed: drill.speed,
      t_ms: t,
      phase: phaseNameAt(phases, t, lengthMs),
      ...facts,
    }
    const masked = Object.entries(all).map(
      ([key, value]) => [`blackstart.${key}`, typeof value === 'string' ? mask(value) : value] as const,
    )
    this.sink.emit({
      ...{ name: `blackstart.${name}`, atMs, body: mask(says), isBad },
      attributes: Object.fromEntries(masked),
    })
  }
}
