import type { JournalEvent, Mark } from '../../journal/event.ts'
import { fieldOf, peopleNotes } from '../../journal/people-note.ts'
import { formatDuration } from '../../lib/duration.ts'
import { type GameDay, injectOf } from '../../model/game-day.ts'
import { instantMs, type Plan } from '../../model/timeline.ts'
import { spell } from '../../reports/text.ts'
import { clockText } from '../clock-text.ts'
import { outageOf } from './in-force.ts'
import { deedsOf } from './marks.ts'

/** What was hoped for, beside what was seen. */
export interface Hoped {
  readonly says: string
  readonly owner: string
  /** By when, for people. */
  readonly by: string
  readonly state: 'yes' | 'late' | 'not seen' | 'for people to say'
  /** When it was done, or why that is not known. */
  readonly why: string
}

/** An inject, and whether it reached people. */
export interface Told {
  readonly at: string
  readonly what: string
  /** When it was delivered; why it was not. */
  readonly delivered: string
  /** What its player hoped for. */
  readonly expected: string
}

/** Expected actions against what was done. */
export function actionsOf(events: readonly JournalEvent[], plan: Plan): readonly Hoped[] {
  const deeds = deedsOf(events)
  const endMs = events.at(-1)?.t ?? 0
  return (dayOf(plan).actions ?? []).map(({ says, by, owner = '', mark }): Hoped => {
    const byMs = by && instantMs(by, plan.phases, plan.lengthMs)
    const hoped = { says, owner, by: byMs === undefined ? '' : clockText(byMs) }
    if (mark === undefined) return { ...hoped, state: 'for people to say', why: 'no mark shows it' }
    const done = deeds.find(one => one.mark === mark && one.t >= 0)
    if (!done) return { ...hoped, state: 'not seen', why: byMs !== undefined && byMs > endMs ? tooSoon : noMark(mark) }
    const isLate = byMs !== undefined && done.t > byMs
    return {
      ...hoped,
      state: isLate ? 'late' : 'yes',
      why: `${markText(done)}${isLate ? `, ${spell(done.t - byMs)} later than hoped for` : ''}`,
    }
  })
}

const tooSoon = 'the show ended before that'

function noMark(mark: string): string {
  return `no mark “${mark}”`
}

/** Measures of success, those with a mark by when it came. */
export function measuresOf(events: readonly JournalEvent[], plan: Plan): readonly Hoped[] {
  const startMs = outageOf(plan)?.startMs ?? 0
  const endMs = events.at(-1)?.t ?? 0
  const deeds = deedsOf(events)
  return (dayOf(plan).measures ?? []).map(({ says, mark, within }): Hoped => {
    if (mark === undefined || within === undefined)
      return { says, owner: '', by: '', state: 'for people to say', why: 'no mark measures it' }
    const hoped = { says, owner: '', by: `${mark} within ${formatDuration(within)}` }
    const done = deeds.find(one => one.mark === mark && one.t >= startMs)
    if (!done) return { ...hoped, state: 'not seen', why: startMs + within > endMs ? tooSoon : noMark(mark) }
    const tookMs = done.t - startMs
    return { ...hoped, state: tookMs <= within ? 'yes' : 'late', why: `${mark} ${spell(tookMs)} after the onset` }
  })
}

export function injectsOf(events: readonly JournalEvent[], plan: Plan): readonly Told[] {
  const marks = events.filter(event => event.type === 'mark')
  const of = (name: string, index: number) => marks.find(one => one.mark === name && fieldOf(one, 'inject') === index)
  const planned = (dayOf(plan).injects ?? []).map((inject, i): Told => {
    const { kind, text } = injectOf(inject)
    const told = of('inject', i)
    const failed = of('inject-failed', i)
    const where = failed ? `; the webhook did not take it: ${failed.says ?? ''}` : ''
    return {
      at: clockText(instantMs(inject.at, plan.phases, plan.lengthMs)),
      what: `${kind}${inject.from === undefined ? '' : ` from ${inject.from}`}: ${text}`,
      delivered: told ? `${clockText(told.t)}${where}` : 'not told: the show did not come to it, or moved over it',
      expected: inject.expect ?? '',
    }
  })
  // Of what the facilitator told on the spot nothing was planned.
  const besides = marks.filter(one => one.mark === 'inject' && typeof fieldOf(one, 'inject') !== 'number')
  return [
    ...planned,
    ...besides.map(
      ({ t, says = '' }): Told => ({
        ...{ at: 'on the spot', what: says, delivered: clockText(t), expected: '' },
      }),
    ),
  ]
}

/** What people marked, for people. */
export function markTexts(events: readonly JournalEvent[]): readonly string[] {
  return deedsOf(events).map(markText)
}

function markText({ t, mark, says }: Mark): string {
  return `${clockText(t)} ${mark}${says === undefined || says === '' ? '' : `: ${says}`}`
}

/** What people noted, for people; who noted it is for the timeline of the report. */
export function noteTexts(events: readonly JournalEvent[]): readonly string[] {
  return peopleNotes(events).map(({ t, category, says }) => `${clockText(t)} ${category}: ${says}`)
}

function dayOf({ scenario }: Plan): GameDay {
  return scenario.game_day ?? {}
}
