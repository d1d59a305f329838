import { asksModel, succeeded } from './attempts.ts'
import { brokeOff } from './breaks.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, SideEffect } from './view.ts'

const advice =
  'The arguments of a tool call are whole only when its block has stopped, its JSON parses as it came, and the message ended with ' +
  '`stop_reason: tool_use`. Cut after `{"amount":1` of `{"amount":100}` a parser that mends brackets pays 1. Run tools from ' +
  '`finalMessage()`, never from the stream’s own events, check the arguments against the schema, and ask again when the answer broke off.'

/** Ground truth: something was changed outside, and all that the model had said to it was a part of a message. */
export const partialToolCallNotExecuted = defineOracle({
  id: 'partial-tool-call-not-executed',
  code: 'X2',
  says: 'No tool is run on an answer that broke off.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire, with the app’s own services declared under `surfaces:`',
    judges:
      'Side effects at own surfaces whose task’s last attempt at a model, ended before it, broke off after it had begun, with no good answer ' +
      'after that. The surface must be one that is used after good answers elsewhere in the run: what is only ever called after a failure ' +
      'is a report of it. A task told as failed or queued is not judged.',
    vacuous: 'no side effect came after an answer of its task had broken off',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view) {
    const told = view.sideEffects.flatMap(effect => {
      const last = lastWord(effect)
      return last ? [{ effect, last }] : []
    })
    // What is only ever called after a failure is its report.
    const tools = new Set(told.filter(({ last }) => succeeded(last)).map(({ effect }) => effect.event.surface))
    const judged = told.filter(({ effect }) => tools.has(effect.event.surface) && sawBreak(effect))
    const broken = judged.filter(({ effect, last }) => {
      const outcome = effect.attempt.task?.settled?.outcome
      return brokeOff(last) && effect.event.done && outcome !== 'failed' && outcome !== 'queued'
    })
    const cases = broken.map(({ effect, last }) => ({
      id: effect.attempt.id,
      phase: view.phaseAt(effect.event.t),
      weight: -effect.event.t,
      effect,
      last,
    }))
    return {
      examined: judged.length,
      ...(judged.length === 0 && { vacuous: 'no side effect came after an answer of its task had broken off' }),
      findings: byPhase(cases).map(group => {
        const [{ id, phase, effect, last }] = group
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'side effect')} on the word of a broken answer; ${id} changed ${effect.event.surface} ` +
            `${sayMs(effect.event.t - (last.endMs ?? last.startMs))} after ${last.id} had ended as ${last.ended?.outcome ?? 'open'}, ` +
            `${last.ended?.bytes ?? 0} bytes in`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** Whether an answer of its task had broken off before it. */
function sawBreak({ attempt }: SideEffect): boolean {
  return (attempt.task?.attempts ?? []).some(one => asksModel(one) && brokeOff(one) && one.startMs < attempt.startMs)
}

/** The last attempt at a model of the same task that had ended before the side effect. */
function lastWord({ event, attempt }: SideEffect): AttemptRecord | undefined {
  const words = (attempt.task?.attempts ?? []).filter(
    one => asksModel(one) && one.endMs !== undefined && one.endMs <= event.t && one.startMs < attempt.startMs,
  )
  return words.reduce<AttemptRecord | undefined>(
    (last, one) => (last && (last.endMs ?? 0) > (one.endMs ?? 0) ? last : one),
    undefined,
  )
}
