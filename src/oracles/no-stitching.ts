import { asksModel, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { TaskRecord } from './view.ts'

const advice =
  'The reader sees the beginning twice, or two answers grown together, and the code behind it parses neither. Empty the buffer before a ' +
  'retry; where text was shown already, tell the reader to discard it, or send nothing on before the answer is whole. Let the retry wrap ' +
  'the whole of “ask and collect”, not the request alone.'

/** An answer begins once: two beginnings in one text are two attempts. */
export const noStitching = defineOracle({
  id: 'no-stitching',
  code: 'X3',
  says: 'A user sees the text of one attempt, never the beginning of one and the whole of another.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'Tasks in which an attempt broke off or failed and another was made: their text must not have more beginnings of an answer than texts ' +
      'of tasks have that got by with one attempt, unless it is told as incomplete.',
    vacuous: 'no task was answered on a second attempt',
    source: 'No tolerance. Simulated answers open with a mark of their own, so that beginnings can be counted.',
    change: advice,
  },
  judge(view) {
    const answered = view.tasks.filter(({ settled }) => settled?.answer === 'complete')
    // An app that shows the question with the answer has two beginnings in every text.
    const usual = answered
      .filter(({ attempts }) => attempts.every(succeeded))
      .reduce((most, { settled }) => Math.max(most, settled?.openings ?? 1), 1)
    const judged = answered.filter(isSecondTry)
    const stitched = judged
      .filter(({ settled }) => (settled?.openings ?? 1) > usual && settled?.complete !== false)
      .map(({ id, phase, settled }) => ({ id, phase, weight: settled?.openings ?? 1 }))
    return {
      examined: judged.length,
      ...(judged.length === 0 && { vacuous: 'no task was answered on a second attempt' }),
      findings: byPhase(stitched).map(group => ({
        severity: 'fail' as const,
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'task')} got a text in which an answer begins more than once; that of ${group[0].id} begins ` +
          `${group[0].weight} times (elsewhere ${usual === 1 ? 'once' : `${usual} times`})`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

function isSecondTry({ attempts }: TaskRecord): boolean {
  const asked = attempts.filter(asksModel)
  return asked.some(succeeded) && asked.some(attempt => !succeeded(attempt))
}
