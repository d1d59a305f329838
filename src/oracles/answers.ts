import { evidenceOf, sayCount, sayMs, sayShare, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { TaskRecord } from './view.ts'

/** How many answers an outage may cost is the app's own promise: nothing to judge until `expect` names it. */
export const answers = defineOracle({
  id: 'answers',
  code: 'T3',
  says: 'A promised share of tasks gets an answer in time, whole or honestly degraded.',
  kind: 'statistical',
  byDefault: false,
  params: {
    at_least: { kind: 'share', says: 'share of tasks to be answered', default: 0.95 },
    within: { kind: 'duration', says: 'time in which an answer counts', default: 60_000 },
  },
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'Tasks that settled, or had the time to: the share that settled within it as `ok`, or as `degraded` with ' +
      '`labelled: true`.',
    vacuous: 'no task was started that it speaks of',
    source: 'The app’s own promise.',
    change:
      'A cache of recent answers, a second provider behind a breaker, a deadline short enough to leave time for ' +
      'them, and capacity kept for the tasks that matter most.',
  },
  judge(view, params) {
    const withinMs = params.number('within')
    const floor = params.number('at_least')
    // Nobody waits for the answer of a job. A task that was young when the run ended says nothing, nor does one whose
    // process the scenario itself took away.
    const jobs = new Set(view.jobs.map(({ task }) => task))
    const tasks = view.tasks.filter(
      task => !jobs.has(task) && (task.settled ? !task.settled.lostTo : view.endMs - task.startMs >= withinMs),
    )
    const bad = tasks.filter(task => !isAnswered(task, withinMs))
    const share = tasks.length === 0 ? 1 : 1 - bad.length / tasks.length
    const cases = bad.map(task => ({
      id: task.id,
      phase: task.phase,
      weight: (task.settledMs ?? Infinity) - task.startMs,
    }))
    const [worst] = cases.toSorted((a, b) => b.weight - a.weight)
    return {
      examined: tasks.length,
      ...(tasks.length === 0 && { vacuous: 'no task was started that it speaks of' }),
      findings:
        share >= floor || !worst
          ? []
          : [
              {
                severity: 'fail',
                phase: worst.phase,
                message:
                  `${sayShare(share)} of ${sayCount(tasks.length, 'task')} were answered within ${sayMs(withinMs)}, not ${sayShare(floor)} ` +
                  `(the others: ${tally(bad.map(task => wordOf(task, withinMs)))})`,
                evidence: evidenceOf(cases),
                advice:
                  'This is the share that was promised. What raises it in an outage: a cache of recent answers, a second provider ' +
                  'or model behind a breaker, a deadline short enough to leave time for them, and rate-limited capacity kept for ' +
                  'the tasks that matter most. A substitute counts when `settle` says `degraded` and `labelled: true`.',
              },
            ],
    }
  },
})

function isAnswered({ settled, settledMs, startMs }: TaskRecord, withinMs: number): boolean {
  if (!settled || settledMs === undefined || settledMs - startMs > withinMs) return false
  return settled.outcome === 'ok' || (settled.outcome === 'degraded' && settled.labelled === true)
}

function wordOf(task: TaskRecord, withinMs: number): string {
  if (!task.settled) return 'still open'
  if (isAnswered(task, Infinity)) return `later than ${sayMs(withinMs)}`
  return task.settled.outcome === 'degraded' ? 'degraded without a label' : task.settled.outcome
}
