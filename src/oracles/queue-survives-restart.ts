import { answeredJobs } from './answered-jobs.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, vacuous } from './oracle.ts'

const advice =
  'What was in the memory of the process went with it, and its customers had been told that it was taken care of. Write a job to durable ' +
  'storage before `submit` returns, mark it done only when its result is stored, and read the open ones back in `start`, with a fresh lease ' +
  'for those that the old process had begun.'

/** The part of the queue's promise that only a crash or a deployment puts to the test. */
export const queueSurvivesRestart = defineOracle({
  id: 'queue-survives-restart',
  code: 'Q6',
  says: 'Jobs that wait when the process ends are found and done by the next one.',
  kind: 'liveness',
  byDefault: true,
  params: {},
  notes: {
    needs:
      '`jobs` of the client module (`submit` and `list`) or the hook `report.queue`, and a scenario with `events:`',
    judges:
      'Jobs taken in and open when their instance crashed, restarted or was scaled away: none may vanish from the list, or never be heard ' +
      'of again while jobs of later are done, without a good answer since.',
    vacuous: 'no job was open when a process ended',
    source: 'No tolerance: taken in is taken in.',
    change: advice,
  },
  judge(view) {
    const ends = view.clientEvents.filter(({ event }) => event === 'crash' || event === 'stopped')
    const open = view.jobs.flatMap(job => {
      const overMs = job.doneMs ?? job.deadMs ?? job.goneMs ?? Number.POSITIVE_INFINITY
      const end = ends.find(
        ({ t, instance }) => instance === job.task.started.instance && t > job.submittedMs && t < overMs,
      )
      return end ? [{ job, end }] : []
    })
    if (open.length === 0) return vacuous('no job was open when a process ended')
    const wasAnswered = answeredJobs(view)
    const lost = open
      .filter(({ job }) => job.goneMs !== undefined && job.doneMs === undefined && job.deadMs === undefined)
      .filter(({ job }) => !wasAnswered(job))
      .map(({ job, end }) => ({ id: job.task.id, phase: view.phaseAt(end.t), weight: -end.t, job, end }))
    return {
      examined: open.length,
      findings: byPhase(lost).map(group => {
        const [{ id, phase, job, end }] = group
        const what = end.event === 'crash' ? 'crash' : 'restart'
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'job')} lost with the process, of ${open.length} that waited in one as it ended; that of ${id}, taken in at ` +
            `${sayMs(job.submittedMs)}, did not outlive the ${what} at ${sayMs(end.t)}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})
