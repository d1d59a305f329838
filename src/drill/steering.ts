import { UsageError } from '../lib/errors.ts'
import type { Json } from '../model/scenario.ts'
import { type PlannedPhase, phaseAt } from '../model/timeline.ts'
import type { Injection } from '../run/injections.ts'
import { readInstant } from '../run/instants.ts'
import type { DrillParts } from './parts.ts'

/** What of a drill is steered. */
export type Steered = Pick<
  DrillParts,
  'stage' | 'journal' | 'timeline' | 'agenda' | 'injections' | 'apply' | 'ownTracks'
>

/** What is made of a drill afterwards goes through every minute of it. */
const extensionAtMostMs = 7 * 86_400_000

/** What people do to a drill under way: each is a line of the journal, and in force on the wire at once. */
export class Steering {
  private readonly parts: Steered
  private isOver = false

  constructor(parts: Steered) {
    this.parts = parts
  }

  /** Nothing can be steered any more. */
  close(): void {
    this.isOver = true
  }

  hold(): void {
    const { timeline, t } = this.underWay('hold')
    this.writtenPhase('hold', t)
    if (timeline.isHeld) throw new UsageError('The phase is held already.', 'Release it first.')
    timeline.hold(t)
    this.moved('held', t)
  }

  release(): void {
    const { timeline, t } = this.underWay('release')
    if (!timeline.isHeld) throw new UsageError('No phase is held.')
    timeline.release(t)
    this.moved('released', t)
  }

  /** The phase ends now; before the first, the warm-up cannot be left out. */
  skip(): void {
    const { timeline, t } = this.underWay('skip')
    const phase = this.writtenPhase('skip', t)
    timeline.skipTo(phase.endMs, t)
    this.moved('skipped', t, phase.name)
  }

  extend(ms: number): void {
    if (!Number.isFinite(ms) || ms <= 0) throw new UsageError('A phase is extended by a length of time above zero.')
    if (ms > extensionAtMostMs)
      throw new UsageError('A phase is extended by a week at most.', 'Hold it, and release it when it is enough.')
    const { timeline, t } = this.underWay('extend')
    const phase = this.writtenPhase('extend', t)
    timeline.delay(phase.endMs, Math.round(ms))
    this.moved('extended', t, `${phase.name} by ${Math.round(ms)} ms`)
  }

  goto(instant: string): void {
    const { timeline, written, t } = this.underWay('go on')
    const s = readInstant(instant, written)
    if (s <= timeline.position(t))
      throw new UsageError(
        `${instant} has passed: a drill does not go back.`,
        'Hold the phase before it ends, or start another drill.',
      )
    timeline.skipTo(s, t)
    this.moved('moved-on', t, instant)
  }

  inject(injection: Injection): { readonly entry: string } {
    const { injections, stage, apply } = this.underWay('inject')
    injections.add(injection)
    const track = injections.tracks.at(-1)
    const entry = track?.path ?? ''
    apply()
    if (track) stage.clock.after(track.endMs - stage.t() + 1, apply)
    return { entry }
  }

  stopInjected(entry: string): void {
    const { injections, ownTracks } = this.parts
    const injected = injections.named(entry)
    const known = injections.tracks.slice(ownTracks).map(({ path }) => path)
    if (!injected)
      throw new UsageError(
        `Nothing was injected as "${entry}".`,
        known.length === 0 ? undefined : `Injected so far: ${known.join(', ')}.`,
      )
    injected.stop()
    this.mark('injection-ended', entry)
    this.parts.apply()
  }

  mark(mark: string, says?: string, detail?: Json): void {
    this.markAt(this.parts.stage.t(), mark, says, detail)
  }

  private markAt(t: number, mark: string, says?: string, detail?: Json): void {
    if (this.isOver) throw new UsageError('The drill is over: nothing can be marked any more.')
    this.parts.journal.write({
      ...{ type: 'mark', t, mark },
      ...(says !== undefined && { says }),
      ...(detail !== undefined && { detail }),
    })
  }

  private underWay(what: string) {
    const { stage, timeline } = this.parts
    if (this.isOver || stage.over) throw new UsageError(`Failed to ${what}: the drill is over.`)
    if (stage.stands)
      throw new UsageError(`Failed to ${what}: the app is being started again.`, 'Wait until it is ready.')
    if (stage.t() < 0) throw new UsageError(`Failed to ${what}: the outage has not begun.`, 'Wait for the first phase.')
    return { ...this.parts, written: timeline.written, t: stage.t() }
  }

  /** The phase as it is written, times and all. */
  private writtenPhase(what: string, t: number): PlannedPhase {
    const { timeline } = this.parts
    const phase = phaseAt(timeline.written.phases, timeline.position(t))
    if (!phase) throw new UsageError(`Failed to ${what}: the last phase is over.`)
    return phase
  }

  /** Everything is laid out anew, and what is in force now is. `t` is exact: whoever reads the mark moves the timeline alike. */
  private moved(mark: string, t: number, says?: string): void {
    const { stage, agenda, apply } = this.parts
    this.markAt(t, mark, says)
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
