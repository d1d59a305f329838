import { minuteMs, type Plan } from '../model/timeline.ts'
import { succeeded } from './attempts.ts'
import { basePhase, byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'

// One turn of the event loop and a late timer are not a hang.
const graceMs = 250
// How long a run waits for open tasks after its healthy tail.
const lastCallMs = 15 * minuteMs

/** The deadline covers the whole chain of retries and the body, not one attempt. */
export const settles = defineOracle({
  id: 'settles',
  code: 'A9',
  says: 'Every task ends, with an answer or an honest error, before its user would have given up.',
  kind: 'safety',
  byDefault: true,
  params: {
    // Three attempts of 30 s with their backoff, and room: the SDK's own default, three times ten minutes, is no
    // deadline anybody waits for.
    within: {
      kind: 'duration',
      says: 'longest time to settle; counted anew from each answered call, so long agents are not accused',
      default: 120_000,
      min: 1,
    },
  },
  notes: {
    needs: "the wire and the tasks' own ends",
    judges:
      'Of each task, the longest time in which it neither settled nor got an answer (an agent’s turns count anew ' +
      'from each answer). A quarter of a second is grace. A task still open when nothing can wake it any more, or ' +
      'when the run has waited a quarter of an hour for it, never settled.',
    vacuous: 'no task was started',
    source:
      'Three attempts of 30 s with their backoff. The SDK’s own default, three times ten minutes, is no deadline ' +
      'that anybody waits for.',
    change:
      'Give each call one deadline over everything, `signal: AbortSignal.timeout(60_000)`, with a smaller ' +
      '`timeout` for each attempt inside it, and abort a stream that has been silent for some 30 s. Work that may ' +
      'wait for hours belongs in a queue: settle the task as `queued`.',
  },
  judge(view, params, plan) {
    const withinMs = params.number('within')
    const isStuck = sawTheEnd(view, plan)
    const late = view.tasks.flatMap(task => {
      const waitMs = longestWait(task, view.endMs)
      const isOpen = task.settledMs === undefined
      if (waitMs <= withinMs + graceMs && !(isOpen && isStuck)) return []
      return [{ id: task.id, phase: task.phase, weight: waitMs + (isOpen ? 1e12 : 0), isOpen, waitMs }]
    })
    return {
      examined: view.tasks.length,
      ...(view.tasks.length === 0 && { vacuous: 'no task was started' }),
      findings: byPhase(late).map(group => {
        const [worst] = group
        const open = group.filter(({ isOpen }) => isOpen)
        const started = view.tasks.filter(({ phase }) => basePhase(phase) === basePhase(worst.phase))
        const verb = group.length === 1 ? 'was' : 'were'
        const tail =
          open.length > 0
            ? `${open.length} never settled: ${worst.id} was still open after ${sayMs(worst.waitMs)}`
            : `the longest, ${worst.id}, took ${sayMs(worst.waitMs)}`
        return {
          severity: 'fail',
          phase: worst.phase,
          message: `${group.length} of ${sayCount(started.length, 'task')} ${verb} not settled within ${sayMs(withinMs)}; ${tail}`,
          evidence: evidenceOf(group),
          advice:
            'Somebody waits on each of these, and holds a connection and memory while doing so. The SDK gives every attempt ' +
            '10 minutes until its headers (`timeout`), tries three times (`maxRetries: 2`) and has no limit at all for a body ' +
            'that stops moving. Give each call one deadline over everything, `signal: AbortSignal.timeout(60_000)` in the ' +
            'request options, with a smaller `timeout` per attempt inside it, and abort a stream that has been silent for ' +
            'some 30 s. Work that may wait for hours belongs in a queue: settle the task as `queued`.',
        }
      }),
    }
  },
})

/** Whether what is open now would stay so: nothing can wake it, or the run has waited for it long enough. */
function sawTheEnd(view: JournalView, plan: Plan): boolean {
  if (view.notes.some(({ kind }) => kind === 'deadlock' || kind === 'livelock')) return true
  return view.endMs >= plan.lengthMs + plan.tailMs + lastCallMs
}

/** The longest time in which the task neither settled nor got an answer, ms. */
function longestWait(task: TaskRecord, runEndMs: number): number {
  const endMs = task.settledMs ?? runEndMs
  const answers = task.attempts.flatMap(attempt =>
    succeeded(attempt) && attempt.endMs !== undefined && attempt.endMs < endMs ? [attempt.endMs] : [],
  )
  let longest = 0
  let since = task.startMs
  for (const t of [...answers.sort((a, b) => a - b), endMs]) {
    longest = Math.max(longest, t - since)
    since = t
  }
  return longest
}
