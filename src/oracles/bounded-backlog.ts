import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { JobRecord } from './view-jobs.ts'

const advice =
  'A queue without a bound turns an outage into a memory problem, and then into hours of work that nobody waits for any more. Set a bound ' +
  'from what you can drain in good time, refuse in `submit` beyond it (an honest “not now” is better than a promise), and let jobs expire.'

/** Only where an app has a bound to keep: what is much depends on how fast it drains. */
export const boundedBacklog = defineOracle({
  id: 'bounded-backlog',
  code: 'Q4',
  says: 'The queue stops taking jobs in before there are too many.',
  kind: 'safety',
  byDefault: false,
  params: {
    at_most: { kind: 'number', says: 'open jobs of all instances together', default: 1_000, min: 1, integer: true },
  },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'The most jobs taken in and not yet seen done, dead or gone at one time. The list is looked at every ten ' +
      'seconds.',
    vacuous: 'no job was taken in',
    source: 'A figure of the app’s own: the rate of jobs times the longest outage to survive (Little’s law).',
    change: advice,
  },
  judge(view, params) {
    const limit = params.number('at_most')
    const steps = view.jobs
      .flatMap(job => [
        { t: job.submittedMs, change: 1, job },
        { t: endOf(job) ?? Number.POSITIVE_INFINITY, change: -1, job },
      ])
      .sort((a, b) => a.t - b.t || a.change - b.change)
    let open = 0
    let worst = { open: 0, t: 0 }
    const beyond: string[] = []
    for (const { t, change, job } of steps) {
      open += change
      if (change > 0 && open > limit) beyond.push(job.task.id)
      if (open > worst.open) worst = { open, t }
    }
    return {
      examined: view.jobs.length,
      ...(view.jobs.length === 0 && { vacuous: 'no job was taken in' }),
      findings:
        beyond.length === 0
          ? []
          : [
              {
                severity: 'fail',
                phase: view.phaseAt(worst.t),
                message:
                  `${sayCount(worst.open, 'job')} were open at ${sayMs(worst.t)}, not ${limit} at most; ${sayCount(beyond.length, 'job')} should have ` +
                  'been refused',
                evidence: evidenceOf(beyond.map((id, i) => ({ id, phase: '', weight: -i }))),
                advice,
              },
            ],
    }
  },
})

function endOf({ doneMs, deadMs, goneMs }: JobRecord): number | undefined {
  return doneMs ?? deadMs ?? goneMs
}
