import { fieldOf } from '../../journal/people-note.ts'
import type { ResponderMark } from '../../model/game-day.ts'
import type { Plan, Span } from '../../model/timeline.ts'
import type { JournalView } from '../../oracles/view.ts'
import { isBad } from '../../reports/post-incident/impact.ts'
import { percent, spell } from '../../reports/text.ts'
import { clockText } from '../clock-text.ts'
import { isFailing, outageOf } from './in-force.ts'
import { type Minute, minuteMs, minutesOf } from './minutes.ts'
import { badShare, nothing, type Score, scored, unscored } from './score.ts'

/** A time that the team and the app took, from the onset on. */
export interface TimeScore extends Score {
  readonly id: ResponderMark
  /** When people marked it, for people; a dash where nobody did. */
  readonly marked: string
}

/** Where a journal shows something, or why it does not. */
type Seen = { readonly t: number; readonly from: string } | { readonly why: string }

/** Minutes on end without trouble that make a mitigation; less may be luck. */
const stretchMinutes = 3

/** Detected, declared, mitigated, recovered: measured where the journal shows it, else as people marked it. */
export function timesOf(view: JournalView, plan: Plan): readonly TimeScore[] {
  const outage = outageOf(plan)
  const minutes = minutesOf(view.tasks, Math.max(view.endMs, plan.lengthMs))
  const seen: Readonly<Record<ResponderMark, Seen>> = {
    detected: outage ? detected(view, outage.startMs) : noOutage,
    declared: { why: 'an app declares nothing' },
    mitigated: outage ? mitigated(view, plan, minutes) : noOutage,
    recovered: outage ? recovered(view, outage, minutes) : noOutage,
  }
  return (Object.keys(seen) as ResponderMark[]).map(id =>
    timeScore(id, seen[id], { view, startMs: outage?.startMs ?? 0 }),
  ) // its keys are no others
}

const whats: Readonly<Record<ResponderMark, string>> = {
  detected: 'time to detect',
  declared: 'time to declare',
  mitigated: 'time to mitigate',
  recovered: 'time to recover',
}

const noOutage: Seen = { why: 'nothing fails in this scenario' }

interface Onset {
  readonly view: JournalView
  readonly startMs: number
}

function timeScore(id: ResponderMark, seen: Seen, { view, startMs }: Onset): TimeScore {
  const mark = view.marks.find(one => one.mark === id && one.t >= startMs)
  const named = { id, what: whats[id], unit: 'ms' } as const
  const marked = mark ? `${clockText(mark.t)}${mark.says === undefined ? '' : `, ${mark.says}`}` : nothing
  if ('t' in seen) return { ...scored(named, Math.max(0, seen.t - startMs), { from: seen.from }), id, marked }
  if (mark) return { ...scored(named, mark.t - startMs, { from: `a mark (${seen.why})` }), id, marked }
  return { ...unscored(named, `no mark; ${seen.why}`), id, marked }
}

/** The first sign that the app, or the team's monitoring, knew. */
function detected({ reports, tasks, marks }: JournalView, startMs: number): Seen {
  const breaker = reports.breakers.find(({ t, state }) => t >= startMs && state === 'open')
  const health = reports.health.find(({ t, ready, live }) => t >= startMs && !(ready && live))
  const alert = marks.find(mark => mark.mark === 'alert' && mark.t >= startMs && fieldOf(mark, 'status') === 'firing')
  const diverted = tasks
    .filter(({ settled }) => settled && (settled.outcome !== 'failed' || settled.source !== undefined))
    .filter(
      ({ settled }) =>
        settled?.outcome === 'degraded' || settled?.outcome === 'queued' || isSubstitute(settled?.source),
    )
    .reduce<number | undefined>(
      (first, { settledMs = Number.POSITIVE_INFINITY }) =>
        settledMs < startMs ? first : Math.min(first ?? settledMs, settledMs),
      undefined,
    )
  const signs = [
    breaker && { t: breaker.t, from: `the breaker of ${breaker.key} opened` },
    health && { t: health.t, from: 'the app called itself unwell' },
    alert && { t: alert.t, from: `the alert “${fieldOf(alert, 'title')}”` },
    diverted !== undefined && {
      t: diverted,
      from: 'the first task was told as degraded, queued, or answered by a substitute',
    },
  ].filter(sign => typeof sign === 'object')
  return signs.toSorted((a, b) => a.t - b.t)[0] ?? { why: 'no breaker, health check, substitute or alert told of it' }
}

function isSubstitute(source: string | undefined): boolean {
  return source === 'fallback' || source === 'cache' || source === 'queue'
}

/** From when on users were well for a while though the provider was not. */
function mitigated(view: JournalView, plan: Plan, minutes: readonly Minute[]): Seen {
  if (view.tasks.length === 0) return nobody
  const first = minutes.findIndex(({ isBad }) => isBad)
  if (first < 0) return neverBad
  const isQuiet = ({ startMs, tasks, isBad }: Minute) =>
    tasks > 0 && !isBad && isFailing(plan, view, startMs) && isFailing(plan, view, startMs + minuteMs - 1)
  for (let i = first + 1; i + stretchMinutes <= minutes.length; i++) {
    const stretch = minutes.slice(i, i + stretchMinutes)
    if (!stretch.every(isQuiet)) continue
    const startMs = stretch[0]?.startMs ?? 0
    const afterBad = afterLastBad(view, startMs)
    return {
      t: isFailing(plan, view, afterBad) ? afterBad : startMs,
      from: `users: ${percent(badShare)} of tasks at most ended badly in ${stretchMinutes} minutes on end, with faults in force`,
    }
  }
  return { why: 'users had no three good minutes on end while faults were in force' }
}

/** From when on no minute was bad any more. */
function recovered(view: JournalView, { startMs, endMs }: Span, minutes: readonly Minute[]): Seen {
  if (view.tasks.length === 0) return nobody
  if (view.endMs < endMs) return { why: 'the show ended before the outage did' }
  const asked = minutes.filter(minute => minute.tasks > 0 && minute.startMs + minuteMs > startMs)
  const last = asked.findLastIndex(({ isBad }) => isBad)
  if (last < 0) return neverBad
  const next = asked[last + 1]
  if (!next) return { why: 'users were not well again when it ended' }
  const t = afterLastBad(view, next.startMs)
  const where =
    t >= endMs ? `${spell(t - endMs)} after the last fault` : `${spell(endMs - t)} before the last fault ended`
  return {
    t,
    from: `users: no minute from ${clockText(next.startMs)} on in which more than ${percent(badShare)} of tasks ended badly, ${where}`,
  }
}

/** A minute is bad as a whole; within the one before `goodMs` users were well from the first task after the last bad one. */
function afterLastBad({ tasks }: JournalView, goodMs: number): number {
  const before = tasks.filter(({ startMs }) => startMs < goodMs && startMs >= goodMs - minuteMs)
  const lastBad = Math.max(...before.filter(isBad).map(({ startMs }) => startMs))
  return Number.isFinite(lastBad)
    ? Math.min(goodMs, ...before.filter(({ startMs }) => startMs > lastBad).map(({ startMs }) => startMs))
    : goodMs
}

const nobody: Seen = { why: 'the drill asked nothing itself, so what users got is not seen' }
const neverBad: Seen = { why: `in no minute did more than ${percent(badShare)} of tasks end badly` }
