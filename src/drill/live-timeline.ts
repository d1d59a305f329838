import type { ClientEvent, Instant, Scenario } from '../model/scenario.ts'
import { instantMs, type Plan, type Span } from '../model/timeline.ts'

/** What somebody did to the timeline. `at`, `from` and `to` are ms of the scenario as it is written. */
type Change =
  /** From `at` on everything comes `ms` later. */
  | { readonly type: 'wait'; readonly at: number; readonly ms: number }
  /** What lies between is left out. */
  | { readonly type: 'skip'; readonly from: number; readonly to: number }

/** Longer than any drill: a phase that is held ends after everything. */
const noEndMs = 400 * 24 * 3_600_000

/**
 * Where a scenario is while people steer it. The scenario's own time (as it is written) and the drill's (ms since t = 0)
 * are one until somebody holds a phase, ends it or moves on; from then on one is mapped to the other. Time never goes back.
 */
export class LiveTimeline {
  /** As the scenario has it. */
  readonly written: Plan
  private readonly changes: Change[] = []
  private held: { readonly at: number; readonly sinceMs: number } | undefined

  constructor(written: Plan) {
    this.written = written
  }

  get isHeld(): boolean {
    return this.held !== undefined
  }

  /** The drill's time at which what is written for `s` comes. */
  live(s: number): number {
    const moved = this.changes.reduce((t, change) => t + moveOf(change, s), s)
    return this.held && s >= this.held.at ? moved + noEndMs : moved
  }

  /** What is written for the drill's time `t`. */
  position(t: number): number {
    if (this.held) return this.held.at - 1
    // `live` never falls: the last place that is not after `t`.
    let low = t - noEndMs
    let high = t + noEndMs
    while (high - low > 0.5) {
      const middle = (low + high) / 2
      if (this.live(middle) <= t) low = middle
      else high = middle
    }
    return Math.round(low)
  }

  /** Whether people moved over what is written for `s`. */
  isSkipped(s: number): boolean {
    return this.changes.some(change => change.type === 'skip' && change.from < s && s < change.to)
  }

  hold(t: number): void {
    // What comes at this very instant has come.
    this.held ??= { at: this.position(t) + 1, sinceMs: t }
  }

  release(t: number): void {
    const { held } = this
    if (!held) return
    this.held = undefined
    this.changes.push({ type: 'wait', at: held.at, ms: t - held.sinceMs })
  }

  /** Moves on to what is written for `s`, which must lie ahead. A phase that was held is let go. */
  skipTo(s: number, t: number): void {
    this.release(t)
    const from = this.position(t)
    if (s > from) this.changes.push({ type: 'skip', from, to: s })
  }

  /** What is written from `s` on comes `ms` later. */
  delay(s: number, ms: number): void {
    this.changes.push({ type: 'wait', at: s, ms })
  }

  /** The plan in the drill's time: the same entries, with the times that they have come to have. */
  plan(): Plan {
    const { written } = this
    if (this.changes.length === 0 && !this.held) return written
    const moved = <T extends Span>(span: T): T => ({
      ...span,
      startMs: this.live(span.startMs),
      endMs: Number.isFinite(span.endMs) ? this.live(span.endMs) : span.endMs,
    })
    return {
      ...written,
      scenario: this.scenario(),
      phases: written.phases.map(phase => ({
        ...moved(phase),
        faults: phase.faults.map(moved),
        limits: phase.limits.map(moved),
      })),
      tracks: written.tracks.map(moved),
      capacity: written.capacity.map(moved),
      lengthMs: this.live(written.lengthMs),
    }
  }

  /** Its instants in the drill's time: an offset into a phase means nothing once the phase was cut short. */
  private scenario(): Scenario {
    const { scenario } = this.written
    const at = (instant: Instant): Instant => ({ phase: 'start', offset: this.live(this.msOf(instant)) })
    const { status_page, events, workload } = scenario
    return {
      ...scenario,
      ...(status_page && { status_page: status_page.map(update => ({ ...update, at: at(update.at) })) }),
      ...(events && { events: events.map((event): ClientEvent => ({ ...event, at: at(event.at) })) }),
      ...(workload?.spikes && {
        workload: { ...workload, spikes: workload.spikes.map(spike => ({ ...spike, at: at(spike.at) })) },
      }),
    }
  }

  private msOf(instant: Instant): number {
    return instantMs(instant, this.written.phases, this.written.lengthMs)
  }
}

function moveOf(change: Change, s: number): number {
  if (change.type === 'wait') return s >= change.at ? change.ms : 0
  return -Math.min(Math.max(0, s - change.from), change.to - change.from)
}
