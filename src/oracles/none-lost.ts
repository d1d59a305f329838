import { answeredJobs } from './answered-jobs.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'

const advice =
  'The app took these in, said so, and then forgot them: nobody will ever ask again. Write a job to storage before `submit` returns, take ' +
  'it out only after its result is stored (acknowledge after the work, not before), and put what has failed for good where people look, ' +
  'as `dead` with its reason. A queue in memory loses everything with each deploy.'

/** A job that leaves the app's list must have been answered, or be shown as dead. */
export const noneLost = defineOracle({
  id: 'none-lost',
  code: 'Q1',
  says: 'Every job that was taken in is done in the end, or said to be dead.',
  kind: 'liveness',
  byDefault: true,
  params: {},
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'Jobs that vanish from the list without having been shown as done or dead, and for whose question no good answer had come since they ' +
      'were taken in. Crashes and restarts are no excuse: taken in is taken in. By the hook alone: jobs of which nothing is heard for 5 min ' +
      'while three of later are done.',
    vacuous: 'no job was taken in',
    source: 'No tolerance: what is accepted equals what is done, dead or still queued.',
    change: advice,
  },
  judge(view) {
    const wasAnswered = answeredJobs(view)
    const lost = view.jobs
      .filter(job => job.goneMs !== undefined && job.doneMs === undefined && job.deadMs === undefined)
      .filter(job => !wasAnswered(job))
      .map(({ task, submittedMs, goneMs = 0 }) => ({
        id: task.id,
        phase: view.phaseAt(goneMs),
        weight: -goneMs,
        goneMs,
        keptMs: goneMs - submittedMs,
      }))
    return {
      examined: view.jobs.length,
      ...(view.jobs.length === 0 && { vacuous: 'no job was taken in' }),
      findings: byPhase(lost).map(group => {
        const [first] = group
        const crash = view.clientEvents.findLast(
          ({ event, t }) =>
            (event === 'crash' || event === 'restart') && t <= first.goneMs && t >= first.goneMs - first.keptMs,
        )
        return {
          severity: 'fail' as const,
          phase: first.phase,
          message:
            `${sayCount(group.length, 'job')} vanished unanswered; that of ${first.id} was gone from the list ${sayMs(first.keptMs)} after it ` +
            `was taken in${crash ? `, after the ${crash.event} at ${sayMs(crash.t)}` : ''}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})
