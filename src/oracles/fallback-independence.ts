import { asksModel, patientMs, retryDueMs, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, type Severity } from './oracle.ts'
import type { AttemptRecord, TaskRecord } from './view.ts'

const advice =
  'Each provider is tried because the other one failed, and when both are down that never ends: the user waits, and both are loaded. Give ' +
  'the whole chain one deadline and one budget of attempts, go through it once, and own to the failure at its end; a second round belongs ' +
  'behind a wait that grows.'

/** The day on which the substitute fails too. */
export const fallbackIndependence = defineOracle({
  id: 'fallback-independence',
  code: 'F8',
  says: 'When the substitute fails too, a task does not go to and fro between the two.',
  kind: 'safety',
  byDefault: true,
  params: {
    // Three rounds through two providers come back to one that has failed four times.
    fail_above: {
      kind: 'number',
      says: 'returns of one task to a provider that had just failed it, which fail',
      default: 6,
    },
    warn_above: { kind: 'number', says: 'returns that are worth a warning', default: 4 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'In each task that was failed by two providers with no good answer in between: how often it goes back to one of them. What comes half ' +
      'a minute or more after its last attempt there, or when a `retry-after` had said so, does not count.',
    vacuous: 'no task was failed by two providers',
    source: 'Three attempts are usual; a client that makes three rounds through its chain returns four times.',
    change: advice,
  },
  judge(view, params) {
    const failed = view.tasks.flatMap(stretchesOf)
    const cases = failed.flatMap(({ task, attempts }) => {
      const returns = returnsIn(attempts)
      const severity: Severity | undefined =
        returns.length > params.number('fail_above')
          ? 'fail'
          : returns.length > params.number('warn_above')
            ? 'warn'
            : undefined
      const [first] = returns
      return severity && first
        ? [{ id: task.id, phase: first.started.phase, weight: returns.length, severity, attempts }]
        : []
    })
    return {
      examined: failed.length,
      ...(failed.length === 0 && { vacuous: 'no task was failed by two providers' }),
      findings: byPhase(cases).map(group => {
        const [{ id, phase, severity, weight, attempts }] = group
        const tookMs = (attempts.at(-1)?.startMs ?? 0) - (attempts[0]?.startMs ?? 0)
        const providers = [...new Set(attempts.map(({ started }) => started.provider))]
        return {
          severity,
          phase,
          message:
            `${sayCount(group.length, 'task')} went to and fro; ${id} came back ${weight} times to a provider that had failed it ` +
            `(${sayCount(attempts.length, 'attempt')} at ${providers.join(' and ')} in ${sayMs(tookMs)})`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

interface Stretch {
  readonly task: TaskRecord
  readonly attempts: readonly AttemptRecord[]
}

/** Attempts of a task between two good answers, where they failed at more than one provider. */
function stretchesOf(task: TaskRecord): readonly Stretch[] {
  const all: AttemptRecord[][] = [[]]
  for (const attempt of task.attempts) {
    if (!asksModel(attempt)) continue
    if (succeeded(attempt)) all.push([])
    else all.at(-1)?.push(attempt)
  }
  return all
    .filter(attempts => new Set(attempts.map(({ started }) => started.provider)).size > 1)
    .map(attempts => ({ task, attempts }))
}

/** Those that go back from another provider to one that had failed, too soon. */
function returnsIn(attempts: readonly AttemptRecord[]): readonly AttemptRecord[] {
  return attempts.filter((attempt, i) => {
    if (attempts[i - 1]?.started.provider === attempt.started.provider) return false
    const last = attempts.slice(0, i).findLast(({ started }) => started.provider === attempt.started.provider)
    if (last?.endMs === undefined || last.endMs > attempt.startMs) return false
    const dueMs = retryDueMs(last)
    if (dueMs !== undefined && attempt.startMs >= dueMs) return false
    return attempt.startMs - last.endMs < patientMs
  })
}
