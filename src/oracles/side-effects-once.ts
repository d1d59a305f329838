import { succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, SideEffect } from './view.ts'

const advice =
  'The card is charged twice, the ticket opened twice. Give each intended change one name, made before the first try and kept with the ' +
  'task (`idempotency-key`), so that the service can tell a repetition. Retry the step that failed, not the whole run: keep the results ' +
  'of tools that have been run, by their `tool_use` id, and never run one again whose result is in the transcript.'

/** Ground truth, by the services’ own record. Silence after a change is no proof that it did not happen. */
export const sideEffectsOnce = defineOracle({
  id: 'side-effects-once',
  code: 'I1',
  says: 'What a task changes outside is changed once, whatever is retried.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire, with the app’s own services declared under `surfaces:`',
    judges:
      'For each task and unchanged request: changes done more than once where an attempt of the task failed in between, or the first change ' +
      'itself was not confirmed. Repetitions without any failure are taken as meant.',
    vacuous: 'no task that changed something outside met trouble after it',
    source: 'No tolerance: sending is at least once, changing is once.',
    change: advice,
  },
  judge(view) {
    const done = view.sideEffects.filter(({ event, attempt }) => event.done && attempt.task !== undefined)
    let examined = 0
    const repeated = [...Map.groupBy(done, ({ attempt }) => attempt.call).values()].flatMap(effects => {
      const [first, ...again] = effects
      if (!first) return []
      const trouble = troubleAfter(first)
      if (trouble) examined++
      const after = again.filter(({ attempt }) => trouble && attempt.startMs >= (trouble.endMs ?? trouble.startMs))
      const [next] = after
      if (!trouble || !next) return []
      return [{ id: next.attempt.id, phase: view.phaseAt(next.event.t), weight: after.length, first, next, trouble }]
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no task that changed something outside met trouble after it' }),
      findings: byPhase(repeated).map(group => {
        const [{ id, phase, first, next, trouble, weight }] = group
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'side effect')} done again (${tally(group.map(item => item.next.event.surface))}); ${first.attempt.id} had ` +
            `changed ${next.event.surface} for ${next.attempt.task?.id ?? 'nobody'}, ${trouble.id} failed after it, and ${id} did it once more ` +
            `${sayMs(next.event.t - first.event.t)} later${weight > 1 ? `, with ${weight - 1} more to come` : ''}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** What could make the task do it again: the change itself unconfirmed, or an attempt that failed after it. */
function troubleAfter({ attempt }: SideEffect): AttemptRecord | undefined {
  if (!succeeded(attempt)) return attempt
  return attempt.task?.attempts.find(other => other.startMs >= attempt.startMs && other.ended && !succeeded(other))
}
