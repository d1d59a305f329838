import { asksModel } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle, vacuous } from './oracle.ts'
import type { AttemptRecord } from './view.ts'
import { primaryOf } from './who-answers.ts'

const usual =
  '408, 429, 500, 502, 503, 504, 529, refused, dns, reset, connect-timeout, headers-timeout, stream-error, cut'

const advice =
  'A substitute that stands by while users are turned away is of no use. Look at what the switch asks for: a list of statuses without this ' +
  'one, a class of error that the SDK does not throw here (an error inside a stream has no status), a filter that takes all of 4xx for ' +
  'the request’s own fault. Decide by a table of failures, and test each row of it.'

/** Only for apps that have promised it: which failures are to be covered is theirs to say. */
export const fallbackFires = defineOracle({
  id: 'fallback-fires',
  code: 'F11',
  says: 'A task that the first provider fails is taken to another before it is given up.',
  kind: 'safety',
  byDefault: false,
  params: {
    on: {
      kind: 'text',
      says: 'failures that must lead to another provider: statuses, and ends of an attempt as the journal has them',
      default: usual,
    },
  },
  notes: {
    needs: 'the wire',
    judges:
      'Tasks that failed, and whose attempts at the provider that answers in the warm-up all ended in one of these failures: at least one ' +
      'attempt at another provider or model must have been made. A task with no attempt at all, behind a breaker, does not count.',
    vacuous: 'no task was failed by the first provider in one of these ways',
    source:
      'The failures are those that fallback tables in use cover; 400, 401, 403, 404, 413 and 422 are left out of them.',
    change: advice,
  },
  judge(view, params) {
    const primary = primaryOf(view)
    if (!primary) return vacuous('nothing was answered in the warm-up')
    const on = new Set((params.text('on') ?? usual).split(/[\s,]+/).filter(word => word !== ''))
    const covered = view.tasks.filter(({ attempts }) => {
      const own = attempts.filter(attempt => asksModel(attempt) && attempt.started.provider === primary.provider)
      return own.length > 0 && own.every(attempt => on.has(failureOf(attempt)))
    })
    const left = covered.flatMap(task => {
      const asked = task.attempts.filter(asksModel)
      const last = asked.at(-1)
      const isAlone = new Set(asked.map(({ started }) => `${started.provider} ${started.model ?? ''}`)).size === 1
      if (!last || !isAlone || task.settled?.outcome !== 'failed' || task.settled.lostTo !== undefined) return []
      return [{ id: task.id, phase: task.phase, weight: -task.startMs, why: failureOf(last) }]
    })
    return {
      examined: covered.length,
      ...(covered.length === 0 && { vacuous: 'no task was failed by the first provider in one of these ways' }),
      findings: byPhase(left).map(group => ({
        severity: 'fail' as const,
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'task')} failed by ${primary.provider} went to nobody else (` +
          `${tally(group.map(({ why }) => `× ${why}`))})`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

/** A status, or how the attempt ended. */
function failureOf({ headers, ended }: AttemptRecord): string {
  return ended?.outcome === 'error' ? String(headers?.status ?? 0) : (ended?.outcome ?? 'open')
}
