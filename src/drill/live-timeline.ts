import { invariant } from '../lib/invariant.ts'
import { movedCapacity } from '../model/capacity-moved.ts'
import { movedGameDay } from '../model/game-day.ts'
import type { ClientEvent, Instant, Level, LimitEntry, Scenario } from '../model/scenario.ts'
import { instantMs, type Plan, type Span, type Written } from '../model/timeline.ts'

/** A stretch of what is written that passes without a break. Times are whole ms; those of the scenario are as it is written. */
interface Stretch {
  /** From here on; what lies between it and the end of the one before is left out. */
  readonly from: number
  /** Up to here, and without it. */
  readonly to: number
  /** How long the drill waits before it, after the end of the one before. */
  readonly waitMs: number
}

/** What people moved over. */
interface Gap {
  /** The last that had come. */
  readonly after: number
  /** The first that comes then. */
  readonly to: number
}

/** Longer than any drill: a phase that is held ends after everything. */
export const noEndMs = 400 * 24 * 3_600_000

/**
 * Where a scenario is while people steer it. The scenario's own time (as it is written) and the drill's (ms since t = 0)
 * are one until somebody holds a phase, ends it or moves on; from then on one is mapped to the other. Time never goes back.
 */
export class LiveTimeline {
  /** As the scenario has it. */
  readonly written: Plan
  private stretches: readonly Stretch[] = [{ from: -noEndMs, to: noEndMs, waitMs: 0 }]
  private readonly gaps: Gap[] = []
  /** `at`: the first that does not come as long as it lasts. */
  private held: { readonly at: number; readonly sinceMs: number } | undefined

  constructor(written: Plan) {
    this.written = written
  }

  get isHeld(): boolean {
    return this.held !== undefined
  }

  /** The drill's time at which what is written for `s` comes. */
  live(s: number): number {
    const moved = this.unheld(s)
    return this.held && s >= this.held.at ? moved + noEndMs : moved
  }

  /** The last that has come by the drill's time `t`: what is written for it, and all before. */
  position(t: number): number {
    if (this.held) return this.held.at - 1
    const { stretch, beginMs } = this.at(t)
    return Math.min(stretch.to - 1, stretch.from + Math.floor(t - beginMs))
  }

  /** Whether people moved over what is written for `s`. */
  isSkipped(s: number): boolean {
    return this.gaps.some(({ after, to }) => after < s && s < to)
  }

  hold(t: number): void {
    // What comes at this very instant has come.
    this.held ??= { at: this.position(t) + 1, sinceMs: t }
  }

  release(t: number): void {
    const { held } = this
    if (!held) return
    this.held = undefined
    this.delay(held.at, t - held.sinceMs)
  }

  /** Moves on to what is written for `s`, which must lie ahead. A phase that was held is let go. */
  skipTo(s: number, t: number): void {
    this.release(t)
    const after = this.position(t)
    if (s <= after) return
    const { stretch, beginMs, place } = this.at(t)
    // While the drill waits, all of the stretch has passed.
    const passed = { ...stretch, to: Math.min(stretch.to, stretch.from + t - beginMs) }
    const waitedMs = t - (beginMs + passed.to - passed.from)
    const [next, ...others] = this.stretches.slice(place).filter(({ to }) => to > s)
    if (!next) return
    this.gaps.push({ after, to: s })
    this.stretches = [...this.stretches.slice(0, place), passed, { from: s, to: next.to, waitMs: waitedMs }, ...others]
  }

  /** What is written from `s` on, which must lie ahead, comes `ms` later. */
  delay(s: number, ms: number): void {
    this.stretches = this.stretches.flatMap((one): Stretch[] => {
      if (one.from === s) return [{ ...one, waitMs: one.waitMs + ms }]
      if (s <= one.from || s >= one.to) return [one]
      return [
        { ...one, to: s },
        { from: s, to: one.to, waitMs: ms },
      ]
    })
  }

  /** The stretch that passes at `t`, or that is over while the drill waits for the next. */
  private at(t: number): { readonly stretch: Stretch; readonly beginMs: number; readonly place: number } {
    let found = this.begun()[0]
    for (const one of this.begun()) if (one.beginMs <= t) found = one
    invariant(found, 'there is always a stretch')
    return found
  }

  private unheld(s: number): number {
    // What was left out comes as the drill moves on.
    for (const { stretch, beginMs } of this.begun()) if (s < stretch.to) return beginMs + Math.max(0, s - stretch.from)
    return s
  }

  /** Each stretch with the drill's time at which it begins. */
  private begun() {
    let endMs = -noEndMs
    return this.stretches.map((stretch, place) => {
      const beginMs = endMs + stretch.waitMs
      endMs = beginMs + stretch.to - stretch.from
      return { stretch, beginMs, place }
    })
  }

  /** The plan in the drill's time: the same entries, with the times that they have come to have. */
  plan(): Plan {
    const { written } = this
    if (this.stretches.length === 1 && !this.held) return written
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
        faults: phase.faults.map(entry => this.keepingTime(moved(entry), entry, [entry.share])),
        limits: phase.limits.map(entry => this.keepingTime(moved(entry), entry, levelsOf(entry.entry))),
      })),
      tracks: written.tracks.map(entry => this.keepingTime(moved(entry), entry, [entry.share])),
      capacity: movedCapacity(written.capacity.map(moved), this.course()),
      lengthMs: this.live(written.lengthMs),
    }
  }

  /** A ramp stands still while its phase is held, and goes on from there. */
  private keepingTime<T extends Span>(moved: T, { startMs, endMs }: Span, levels: readonly Level[]): T {
    if (levels.every(level => typeof level === 'number')) return moved
    return { ...moved, written: { startMs, endMs, ...this.course() } }
  }

  /** How what is written goes by. */
  private course(): Omit<Written, keyof Span> {
    const ends = this.begun().flatMap(({ stretch, beginMs }) => [beginMs, beginMs + stretch.to - stretch.from])
    // What is written leaps where people moved on: within the last ms before.
    const bends = [...ends, ...(this.held ? [this.held.sinceMs] : [])].flatMap(t => [t - 1, t])
    return {
      at: t => this.position(t),
      live: s => this.live(s),
      bends: [...new Set(bends)].toSorted((a, b) => a - b),
    }
  }

  /** Its instants in the drill's time: an offset into a phase means nothing once the phase was cut short. */
  private scenario(): Scenario {
    const { scenario } = this.written
    const at = (instant: Instant): Instant => ({ phase: 'start', offset: this.live(this.msOf(instant)) })
    const { status_page, events, workload, game_day } = scenario
    return {
      ...scenario,
      ...(status_page && { status_page: status_page.map(update => ({ ...update, at: at(update.at) })) }),
      ...(events && { events: events.map((event): ClientEvent => ({ ...event, at: at(event.at) })) }),
      ...(workload?.spikes && {
        workload: { ...workload, spikes: workload.spikes.map(spike => ({ ...spike, at: at(spike.at) })) },
      }),
      ...(game_day && { game_day: movedGameDay(game_day, at) }),
    }
  }

  private msOf(instant: Instant): number {
    return instantMs(instant, this.written.phases, this.written.lengthMs)
  }
}

function levelsOf({ requests, input_tokens, output_tokens }: LimitEntry): readonly Level[] {
  return [requests, input_tokens, output_tokens].filter(level => level !== undefined)
}
