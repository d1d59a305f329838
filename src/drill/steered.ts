import type { JournalEvent } from '../journal/event.ts'
import type { Plan } from '../model/timeline.ts'
import { readInstant } from '../run/instants.ts'
import { LiveTimeline } from './live-timeline.ts'

/** The plan in the time that really passed. */
export interface Steered {
  readonly plan: Plan
  /** Whether people moved the timeline, or a mark says so. */
  readonly isMoved: boolean
}

/**
 * What people did to the timeline of a drill, told by its marks and by when each phase was really entered. A mark that
 * cannot be followed, as one made by hand, is put right by the phases. `speed`: how many times faster it went; real
 * timers are late by a few ms, which are then more.
 */
export function steered(events: readonly JournalEvent[], written: Plan, speed: number): Steered {
  const timeline = new LiveTimeline(written)
  let isMoved = false
  for (const event of events) isMoved = followEvent(timeline, event, speed) || isMoved
  // A phase that was held to the end ended with it.
  if (timeline.isHeld) timeline.release(events.at(-1)?.t ?? 0)
  return { plan: timeline.plan(), isMoved }
}

/** Does to the timeline what people did to it by `event`; whether that told of it at all. */
export function followEvent(timeline: LiveTimeline, event: JournalEvent, speed: number): boolean {
  if (event.t < 0) return false
  if (event.type === 'phase-entered') enter(timeline, event.phase, event.t, lateMs * Math.max(1, speed))
  return followMark(timeline, event)
}

/**
 * The same by marks alone, for a journal of our own: its marks tell of every move to the millisecond, and a phase that was
 * entered late on a busy machine moved nothing.
 */
export function followMark(timeline: LiveTimeline, event: JournalEvent): boolean {
  return event.t >= 0 && event.type === 'mark' && follow(timeline, event)
}

/** How late a timer may be, real ms. */
const lateMs = 100

interface Said {
  readonly t: number
  readonly mark: string
  readonly says?: string
}

/** Does to the timeline what the mark tells; whether it told of it at all. */
function follow(timeline: LiveTimeline, { mark, says, t }: Said): boolean {
  const { written } = timeline
  switch (mark) {
    case 'held':
      if (!timeline.isHeld) timeline.hold(t)
      return true
    case 'released':
      timeline.release(t)
      return true
    case 'skipped': {
      const phase = written.phases.find(({ name }) => name === says)
      if (phase) timeline.skipTo(phase.endMs, t)
      return phase !== undefined
    }
    case 'extended': {
      const [, name, ms] = /^(.+) by (\d+) ms$/s.exec(says ?? '') ?? []
      const phase = written.phases.find(one => one.name === name)
      if (phase) timeline.delay(phase.endMs, Number(ms))
      return phase !== undefined
    }
    case 'moved-on': {
      const to = instantOf(says ?? '', written)
      if (to !== undefined) timeline.skipTo(to, t)
      return to !== undefined
    }
    default:
      return false
  }
}

/** A phase is where it was entered, whatever the marks say. */
function enter(timeline: LiveTimeline, name: string, t: number, lateMs: number): void {
  const { written } = timeline
  const startMs = name === 'healed' ? written.lengthMs : written.phases.find(phase => phase.name === name)?.startMs
  if (startMs === undefined || Math.abs(timeline.live(startMs) - t) <= lateMs) return
  timeline.release(t)
  const early = timeline.live(startMs) - t
  if (early > 0) timeline.skipTo(startMs, t)
  else timeline.delay(startMs, -early)
}

function instantOf(text: string, plan: Plan): number | undefined {
  try {
    return readInstant(text, plan)
  } catch {
    return undefined
  }
}
