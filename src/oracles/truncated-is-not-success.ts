import { brokeOff } from './breaks.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { TaskRecord } from './view.ts'

/** Half an answer that nobody marked as half is worse than none: it is believed. */
export const truncatedIsNotSuccess = defineOracle({
  id: 'truncated-is-not-success',
  code: 'X1',
  says: 'An answer that broke off is never passed on as whole.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'Tasks whose text opens an answer and does not close it, unless they settle as failed, queued, or degraded ' +
      'and incomplete.',
    vacuous: 'no answer broke off after it had begun',
    source: 'No tolerance. Simulated answers carry a mark at each end.',
    change:
      'Await `finalMessage()`, or check for `message_stop` and `stop_reason` yourself. Then throw, ask again, or ' +
      'hand the part on as `degraded` with `complete: false` and a label.',
  },
  judge(view) {
    const examined = view.tasks.filter(task => isTruncated(task) || task.attempts.some(brokeOff))
    const passedOff = examined.filter(isPassedOff).map(task => {
      const broken = task.attempts.filter(brokeOff)
      return { id: task.id, phase: task.phase, weight: task.settled?.claimed ? 1 : 0, task, broken }
    })
    return {
      examined: examined.length,
      ...(examined.length === 0 && { vacuous: 'no answer broke off after it had begun' }),
      findings: byPhase(passedOff).map(group => {
        const [worst] = group
        const claimed = group.filter(({ task }) => task.settled?.claimed).length
        const causes = tally(group.map(({ broken }) => broken.at(-1)?.ended?.outcome ?? 'no visible cause'))
        return {
          severity: 'fail',
          phase: worst.phase,
          message:
            `${sayCount(group.length, 'task')} returned the beginning of an answer as if it were whole ` +
            `(${claimed} of them claimed success in so many words; how the last broken attempt ended: ${causes})`,
          evidence: evidenceOf(group),
          advice:
            'The reader, or the code behind it, cannot tell that the rest is missing. A stream is whole only when its ' +
            '`message_stop` came and `stop_reason` is set. Iterating a raw stream (`create({ stream: true })`) just ends ' +
            'when the connection does: use `messages.stream()` and await `finalMessage()`, which throws, or check for ' +
            '`message_stop` yourself. Then throw, ask again, or hand the part on as `degraded` with `complete: false` and a ' +
            'label that the user sees.',
        }
      }),
    }
  },
})

const isTruncated = (task: TaskRecord) => task.settled?.answer === 'truncated'

function isPassedOff(task: TaskRecord): boolean {
  const { settled } = task
  if (settled?.answer !== 'truncated') return false
  if (settled.complete !== undefined) return settled.complete
  return settled.outcome === 'ok' || settled.outcome === 'truncated'
}
