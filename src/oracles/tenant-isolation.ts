import { broughtText, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { JournalView } from './view.ts'

const advice =
  'What one customer was told has been shown to another. Put everything that made the answer into the cache’s key: tenant, user where it ' +
  'matters, model, system prompt, and the version of the data behind it; the same for the coalescing of equal requests in flight. Where ' +
  'the answers are public on purpose, leave this oracle off.'

/** Only for apps that have promised it: a cache of public answers is shared on purpose. */
export const tenantIsolation = defineOracle({
  id: 'tenant-isolation',
  code: 'F3',
  says: 'No tenant gets an answer that was made for another.',
  kind: 'safety',
  byDefault: false,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'Tasks settled with a whole answer to their question without an attempt of their own that brought any text, where no task of the same tenant had got ' +
      'one for that question before, but one of another tenant had.',
    vacuous: 'no task was answered without an attempt of its own',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view) {
    const had = answerTimes(view)
    const stored = view.tasks.filter(
      task =>
        task.settled?.answer === 'complete' && !task.attempts.some(broughtText) && task.settled.outcome !== 'failed',
    )
    const crossed = stored.flatMap(task => {
      const { tenant, question } = task.started
      const byMs = task.settledMs ?? 0
      const hadBy = (who: string) => (had.get(`${who} ${question}`) ?? Number.POSITIVE_INFINITY) <= byMs
      if (hadBy(tenant)) return []
      const other = [...new Set(view.tasks.map(({ started }) => started.tenant))].find(who => hadBy(who))
      return other === undefined ? [] : [{ id: task.id, phase: task.phase, weight: -byMs, tenant, other }]
    })
    return {
      examined: stored.length,
      ...(stored.length === 0 && { vacuous: 'no task was answered without an attempt of its own' }),
      findings: byPhase(crossed).map(group => ({
        severity: 'fail' as const,
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'task')} got an answer made for another tenant; ${group[0].id} of ${group[0].tenant} got that of ` +
          `${group[0].other}`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

/** When the first good answer to a question was there, by tenant and question. */
function answerTimes(view: JournalView): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  const add = (key: string, t: number) => first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, t))
  for (const { tenant, question } of view.warmUp) add(`${tenant} ${question}`, 0)
  for (const attempt of view.attempts)
    if (attempt.task && succeeded(attempt) && attempt.endMs !== undefined)
      add(`${attempt.task.started.tenant} ${attempt.task.started.question}`, attempt.endMs)
  return first
}
