import { UsageError } from '../lib/errors.ts'
import type { Json } from '../model/scenario.ts'
import { type PlannedPhase, phaseAt } from '../model/timeline.ts'
import type { Injected, Injection } from '../run/injections.ts'
import { readInstant } from '../run/instants.ts'
import type { DrillParts } from './parts.ts'

/** What of a drill is steered. */
export type Steered = Pick<
  DrillParts,
  'stage' | 'journal' | 'timeline' | 'agenda' | 'injections' | 'apply' | 'ownTracks'
>

/** What people do to a drill under way: each is a line of the journal, and in force on the wire at once. */
export class Steering {
  private readonly parts: Steered
  private readonly injected = new Map<string, Injected>()
  private isOver = false

  constructor(parts: Steered) {
    this.parts = parts
  }

  /** Nothing can be steered any more. */
  close(): void {
    this.isOver = true
  }

  hold(): void {
    const { timeline, stage } = this.underWay('hold')
    this.writtenPhase('hold')
    if (timeline.isHeld) throw new UsageError('The phase is held already.', 'Release it first.')
    timeline.hold(stage.t())
    this.moved('held')
  }

  release(): void {
    const { timeline, stage } = this.underWay('release')
    if (!timeline.isHeld) throw new UsageError('No phase is held.')
    timeline.release(stage.t())
    this.moved('released')
  }

  /** The phase ends now; before the first, the warm-up cannot be left out. */
  skip(): void {
    const { timeline, stage } = this.underWay('skip')
    const phase = this.writtenPhase('skip')
    timeline.skipTo(phase.endMs, stage.t())
    this.moved('skipped', phase.name)
  }

  extend(ms: number): void {
    if (!Number.isFinite(ms) || ms <= 0) throw new UsageError('A phase is extended by a length of time above zero.')
    const { timeline } = this.underWay('extend')
    const phase = this.writtenPhase('extend')
    timeline.delay(phase.endMs, Math.round(ms))
    this.moved('extended', `${phase.name} by ${Math.round(ms)} ms`)
  }

  goto(instant: string): void {
    const { timeline, stage, written } = this.underWay('go on')
    const s = readInstant(instant, written)
    if (s <= timeline.position(stage.t()))
      throw new UsageError(
        `${instant} has passed: a drill does not go back.`,
        'Hold the phase before it ends, or start another drill.',
      )
    timeline.skipTo(s, stage.t())
    this.moved('moved-on', instant)
  }

  inject(injection: Injection): { readonly entry: string } {
    const { injections, stage, apply } = this.underWay('inject')
    const injected = injections.add(injection)
    const track = injections.tracks.at(-1)
    const entry = track?.path ?? ''
    this.injected.set(entry, injected)
    apply()
    if (track) stage.clock.after(track.endMs - stage.t() + 1, apply)
    return { entry }
  }

  stopInjected(entry: string): void {
    const injected = this.injected.get(entry)
    if (!injected)
      throw new UsageError(
        `Nothing was injected as "${entry}".`,
        this.injected.size === 0 ? undefined : `Injected so far: ${[...this.injected.keys()].join(', ')}.`,
      )
    injected.stop()
    this.mark('injection-ended', entry)
    this.parts.apply()
  }

  mark(mark: string, says?: string, detail?: Json): void {
    const { journal, stage } = this.parts
    if (this.isOver) throw new UsageError('The drill is over: nothing can be marked any more.')
    journal.write({
      ...{ type: 'mark', t: stage.t(), mark },
      ...(says !== undefined && { says }),
      ...(detail !== undefined && { detail }),
    })
  }

  private underWay(what: string) {
    const { stage, timeline } = this.parts
    if (this.isOver || stage.over) throw new UsageError(`Failed to ${what}: the drill is over.`)
    if (stage.t() < 0) throw new UsageError(`Failed to ${what}: the outage has not begun.`, 'Wait for the first phase.')
    return { ...this.parts, written: timeline.written }
  }

  /** The phase as it is written, times and all. */
  private writtenPhase(what: string): PlannedPhase {
    const { timeline, stage } = this.parts
    const phase = phaseAt(timeline.written.phases, timeline.position(stage.t()))
    if (!phase) throw new UsageError(`Failed to ${what}: the last phase is over.`)
    return phase
  }

  /** Everything is laid out anew, and what is in force now is. */
  private moved(mark: string, says?: string): void {
    const { stage, agenda, apply } = this.parts
    this.mark(mark, says)
    relay(this.parts)
    agenda.proceed()
    if (!stage.over) apply()
  }
}

/** The plan of the stage, as people have moved it, with what they injected. */
export function relay({ stage, timeline, injections, ownTracks }: Steered): void {
  const plan = timeline.plan()
  injections.endAt(stage.plan.lengthMs, plan.lengthMs)
  injections.tracks.splice(0, ownTracks, ...plan.tracks)
  stage.replan({ ...plan, tracks: injections.tracks })
}
