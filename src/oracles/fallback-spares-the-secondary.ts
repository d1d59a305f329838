import { outageStretches } from '../model/timeline.ts'
import { asksModel, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, type Severity, severityOf, severityParam, vacuous } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'
import { nameOf, primaryOf } from './who-answers.ts'

const windowMs = 1_000
const minuteMs = 60_000
// Below this a peak says nothing.
const fewest = 20

const advice =
  'The outage moves house: the substitute gets in one second what it should get in a minute, and turns down what it could have served. Let ' +
  'each task go over by itself as it fails, not all that wait when a switch is thrown; draw a delay at random before a backlog moves; and ' +
  'hold what goes to the substitute to the rate that was agreed with it.'

/** A herd at the failure, in place of one at the restore. */
export const fallbackSparesTheSecondary = defineOracle({
  id: 'fallback-spares-the-secondary',
  code: 'F7',
  says: 'When the first provider fails, the second gets its work, not all that waits at once.',
  kind: 'statistical',
  byDefault: true,
  params: {
    times: { kind: 'number', says: 'attempts for each new task of the fullest second', default: 3, min: 1 },
    at_most: { kind: 'number', says: 'requests a minute that the second provider is for', unit: 'a minute', min: 1 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'While the model or provider of the warm-up has an outage: the fullest second of what all others get. It may bring three attempts for ' +
      'each task of the fullest second of new tasks, and all that was under way when the outage began; below ' +
      `${fewest} it says nothing. With \`at_most\`, no minute may bring more than that.`,
    vacuous: 'no second model or provider was asked while the first had an outage',
    source:
      'Tasks that fail and go over one by one come at their own rate: only what is released together makes a peak.',
    change: advice,
  },
  judge(view, params, plan) {
    const primary = primaryOf(view)
    if (!primary) return vacuous('nothing was answered in the warm-up')
    const own = view.attempts.filter(attempt => nameOf(attempt) === primary.name)
    const surfaces = new Set([primary.surface, ...own.map(surfaceOf)])
    const outages = [...surfaces].flatMap(surface => outageStretches(plan, surface))
    const others = view.attempts.filter(attempt => asksModel(attempt) && nameOf(attempt) !== primary.name)
    const atMost = params.optionalNumber('at_most')
    let examined = 0
    const cases = outages.flatMap(({ startMs, endMs }) => {
      const sent = others.filter(attempt => attempt.startMs >= startMs && attempt.startMs < endMs)
      examined += sent.length
      const { most, open } = usual(view, startMs, endMs)
      const burst = fullest(sent, windowMs)
      const allowed = Math.max(fewest, params.number('times') * most + open)
      const minute = atMost === undefined ? [] : fullest(sent, minuteMs)
      const severity: Severity = severityOf(params)
      return [
        ...(burst.length > allowed ? [caseOf(burst, `the tasks of any one second make ${allowed} or less`)] : []),
        ...(minute.length > (atMost ?? 0) ? [caseOf(minute, `it is for ${atMost} a minute`)] : []),
      ].map(item => ({ ...item, severity }))
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no second model or provider was asked while the first had an outage' }),
      findings: byPhase(cases).map(group => {
        const [{ attempts, phase, severity, against }] = group
        const tookMs = (attempts.at(-1)?.startMs ?? 0) - (attempts[0]?.startMs ?? 0)
        const [first] = attempts
        return {
          severity,
          phase,
          message:
            `${sayCount(attempts.length, 'attempt')} at ${first ? nameOf(first) : 'the second'} within ${sayMs(tookMs)}, from ` +
            `${sayMs(first?.startMs ?? 0)} on; ${against}`,
          evidence: evidenceOf(attempts.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
          advice,
        }
      }),
    }
  },
})

function caseOf(attempts: readonly AttemptRecord[], against: string) {
  const [first] = attempts
  return { id: first?.id ?? '', phase: first?.started.phase ?? '', weight: attempts.length, attempts, against }
}

/** The most new tasks of one second of the outage, and how many were open when it began. */
function usual(
  { tasks }: JournalView,
  startMs: number,
  endMs: number,
): { readonly most: number; readonly open: number } {
  const begun = tasks.filter(task => task.startMs >= startMs && task.startMs < endMs)
  const open = tasks.filter(
    task => task.startMs < startMs && (task.settledMs ?? Number.POSITIVE_INFINITY) >= startMs,
  ).length
  return { most: fullest(begun, windowMs).length, open }
}

/** The most that start within `ms`. */
function fullest<T extends { readonly startMs: number }>(all: readonly T[], ms: number): readonly T[] {
  let best: readonly T[] = []
  let from = 0
  all.forEach(({ startMs }, to) => {
    while ((all[from]?.startMs ?? startMs) <= startMs - ms) from++
    if (to + 1 - from > best.length) best = all.slice(from, to + 1)
  })
  return best
}
