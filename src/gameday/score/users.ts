import { formatDuration } from '../../lib/duration.ts'
import type { Slo } from '../../model/game-day.ts'
import type { Plan } from '../../model/timeline.ts'
import type { JournalView } from '../../oracles/view.ts'
import { isBad } from '../../reports/post-incident/impact.ts'
import { count, percent, spell } from '../../reports/text.ts'
import { minutesOf } from './minutes.ts'
import { badShare, type Score, scored, unscored } from './score.ts'

/** Thirty days: over so long a level is promised where a scenario says nothing else. */
const usualPeriodMs = 30 * 24 * 3_600_000

/** What users saw, and what they were promised. */
export function usersOf(view: JournalView, plan: Plan): readonly Score[] {
  const { tasks } = view
  const failures = { id: 'user-visible-failures', what: 'tasks that ended badly', unit: 'pieces' } as const
  const minutes = { id: 'user-visible-minutes', what: 'minutes in which users saw it', unit: 'pieces' } as const
  const { slo } = plan.scenario.game_day ?? {}
  if (tasks.length === 0) {
    const why = 'the drill asked nothing itself, so what users got is not seen'
    return [
      unscored(failures, why),
      unscored(minutes, why),
      ...(slo ? [unscored(availability, why), unscored(credit, why)] : []),
    ]
  }
  const bad = tasks.filter(isBad)
  const all = minutesOf(tasks, Math.max(view.endMs, plan.lengthMs))
  const poorer = tasks.filter(({ settled }) => settled?.outcome === 'degraded' || settled?.outcome === 'queued').length
  return [
    scored(failures, bad.length, {
      from: `of ${count(tasks.length)}: failed, cut short, no answer, or never settled${poorer > 0 ? `; ${count(poorer)} more were degraded or queued, and told so` : ''}`,
    }),
    scored(minutes, all.filter(minute => minute.isBad).length, {
      from: `of ${count(all.filter(minute => minute.tasks > 0).length)}: more than ${percent(badShare)} of the tasks begun in it ended badly`,
    }),
    ...(slo ? promised(slo, bad.length / tasks.length, view.endMs) : []),
  ]
}

const availability = { id: 'availability', what: 'availability, against what was promised', unit: 'share' } as const
const credit = { id: 'credit-due', what: 'credit that would be due', unit: 'share' } as const

/** The exercise as part of the period over which a level is promised, the rest of which is taken as well. */
function promised(
  { availability: level, over = usualPeriodMs, credits }: Slo,
  badPart: number,
  lengthMs: number,
): readonly Score[] {
  const periodMs = Math.max(over, lengthMs)
  const overall = 1 - (badPart * lengthMs) / periodMs
  const used = (1 - overall) / Math.max(1 - level, Number.EPSILON)
  const period = formatDuration(periodMs)
  const budget = level < 1 ? `; it takes ${percent(used)} of the error budget of ${period}` : ''
  const now = scored({ ...availability }, 1 - badPart, {
    from: `tasks that ended well in ${spell(lengthMs)}; promised are ${exact(level)} over ${period}, which it would leave at ${exact(overall)}${budget}`,
  })
  if (!credits?.length) return [now, unscored(credit, 'the game day names no credits')]
  const due = credits.filter(({ below }) => overall < below).toSorted((a, b) => a.below - b.below)[0]
  return [
    now,
    scored(credit, due?.credit ?? 0, {
      from: due
        ? `of the bill: ${exact(overall)} over ${period}, with the rest of it well, is below ${exact(due.below)}`
        : `${exact(overall)} over ${period}, with the rest of it well, is below no threshold`,
    }),
  ]
}

/** Promises differ in the third place. */
function exact(share: number): string {
  return `${Number((100 * share).toFixed(3))}%`
}
