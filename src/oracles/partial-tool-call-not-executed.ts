import { asksModel, succeeded } from './attempts.ts'
import { brokeOff } from './breaks.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

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
    needs: 'the wire, with the app’s own services declared under `surfaces:`, or the hook `report.tool`',
    judges:
      'Side effects at own surfaces, and tools told as run (but for `effect: none`), whose task’s last attempt at a model, ended before, broke ' +
      'off after it had begun, with no good answer after that; of tools also where the answer broke off only afterwards. The surface or ' +
      'tool must be one that is used after good answers elsewhere in the run: what is only ever called after a failure is a report of it. A ' +
      'task told as failed or queued is not judged.',
    vacuous: 'no side effect and no tool came after an answer of its task had broken off',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view) {
    const told = deedsOf(view).flatMap(deed => {
      const last = lastWord(deed)
      return last ? [{ deed, last }] : []
    })
    // What is only ever called after a failure is its report.
    const tools = new Set(told.filter(({ last }) => succeeded(last)).map(({ deed }) => deed.what))
    const judged = told.filter(({ deed, last }) => tools.has(deed.what) && (sawBreak(deed) || brokeOff(last)))
    const broken = judged.filter(({ deed, last }) => {
      const outcome = deed.task.settled?.outcome
      return brokeOff(last) && deed.isDone && outcome !== 'failed' && outcome !== 'queued'
    })
    const cases = broken.map(({ deed, last }) => ({
      id: deed.id,
      phase: view.phaseAt(deed.t),
      weight: -deed.t,
      deed,
      last,
    }))
    return {
      examined: judged.length,
      ...(judged.length === 0 && {
        vacuous: 'no side effect and no tool came after an answer of its task had broken off',
      }),
      findings: byPhase(cases).map(group => {
        const [{ id, phase, deed, last }] = group
        const apartMs = deed.t - (last.endMs ?? last.startMs)
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, deed.noun)} on the word of a broken answer; ${id} ${deed.verb} ${deed.what} ` +
            `${sayMs(Math.abs(apartMs))} ${apartMs < 0 ? 'before' : 'after'} ${last.id} had ended as ${last.ended?.outcome ?? 'open'}, ` +
            `${last.ended?.bytes ?? 0} bytes in`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** Something done on the word of a model. */
interface Deed {
  /** Of the attempt that did it, else of the task. */
  readonly id: string
  readonly task: TaskRecord
  readonly t: number
  /** When the app set about it. */
  readonly startMs: number
  /** The surface or the tool. */
  readonly what: string
  readonly isDone: boolean
  readonly noun: string
  readonly verb: string
  /** Told by the app itself, which may have run ahead of the message's end. */
  readonly isTool: boolean
}

function deedsOf({ sideEffects, reports }: JournalView): readonly Deed[] {
  const effects = sideEffects.flatMap(({ event, attempt: { id, task, startMs } }): Deed[] => {
    const words = { what: event.surface, noun: 'side effect', verb: 'changed', isTool: false }
    return task ? [{ id, task, t: event.t, startMs, isDone: event.done, ...words }] : []
  })
  const runs = reports.tools.flatMap(({ t, task, name, effect }): Deed[] => {
    const words = { what: name, noun: 'tool run', verb: 'ran', isTool: true }
    return task && t >= 0 && effect !== 'none' ? [{ id: task.id, task, t, startMs: t, isDone: true, ...words }] : []
  })
  return [...effects, ...runs]
}

/** Whether an answer of its task had broken off before it. */
function sawBreak({ task, startMs }: Deed): boolean {
  return task.attempts.some(one => asksModel(one) && brokeOff(one) && one.startMs < startMs)
}

/** The last attempt at a model of the same task that had ended before it, or that a tool ran ahead of. */
function lastWord({ task, t, startMs, isTool }: Deed): AttemptRecord | undefined {
  const asked = task.attempts.filter(one => asksModel(one) && one.startMs < startMs)
  const open = asked.at(-1)
  if (isTool && open?.headersMs !== undefined && open.headersMs <= t && (open.endMs ?? t) > t && isOneByOne(asked))
    return open
  return asked
    .filter(({ endMs }) => endMs !== undefined && endMs <= t)
    .reduce<AttemptRecord | undefined>(
      (last, one) => (last && (last.endMs ?? 0) > (one.endMs ?? 0) ? last : one),
      undefined,
    )
}

/** Whether the task asks one thing at a time: else the tool may be that of another message. */
function isOneByOne(asked: readonly AttemptRecord[]): boolean {
  return asked.every((one, i) => i === 0 || (asked[i - 1]?.endMs ?? Number.POSITIVE_INFINITY) <= one.startMs)
}
