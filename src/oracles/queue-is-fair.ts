import { quantile } from '../lib/quantile.ts'
import { outageStretches, type Plan } from '../model/timeline.ts'
import { surfacesUsed } from './attempts.ts'
import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, type Finding, vacuous } from './oracle.ts'
import type { JournalView } from './view.ts'
import type { JobRecord } from './view-jobs.ts'

const fewest = 5
/** Looks at the list come ten seconds apart: closer than that is the same time. */
const lookMs = 10_000

const advice =
  'After an outage the whole backlog stands in one line. Give each class a queue of its own and take from them by weight (say four critical ' +
  'for one other, never none), put retries behind the fresh ones of their class, and let a worker that was told to wait wait for its class only.'

/** Only for queues that promise it. */
export const queueIsFair = defineOracle({
  id: 'queue-is-fair',
  code: 'Q7',
  says: 'When the backlog drains, what is critical comes first, and nothing is left for good.',
  kind: 'liveness',
  byDefault: false,
  params: {
    first: { kind: 'text', says: 'class of the jobs that come first', default: 'critical' },
    progress: {
      kind: 'duration',
      says: 'time in which each class that has open jobs gets one done',
      default: 60_000,
      min: 1,
    },
  },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`) or the hook `report.queue`',
    judges:
      `Jobs taken in while a surface in use had an outage, and done after it. The wait until done: its 95th percentile for the first class ` +
      `must not be above that of the others, ${fewest} jobs of each at the least. And each class that has open jobs must get one done in every ` +
      '`progress` of the drain in which another class gets five.',
    vacuous: 'the backlog of the outage did not have five jobs of the first class and five others',
    source: 'Freedom from starvation. A minute is a common answer time that is promised.',
    change: advice,
  },
  judge(view, params, plan) {
    const name = params.text('first')
    const backlog = backlogOf(view, plan)
    const first = backlog.filter(({ job }) => job.task.started.class === name)
    const others = backlog.filter(({ job }) => job.task.started.class !== name)
    if (first.length < fewest || others.length < fewest)
      return vacuous(
        `the backlog had ${sayCount(first.length, `${name} job`)} and ${others.length} others; ${fewest} of each are needed`,
      )
    return {
      examined: backlog.length,
      findings: [...lateFirst(first, others, name, view), ...starved(backlog, params.number('progress'), view)],
    }
  },
})

interface Waited {
  readonly job: JobRecord
  readonly doneMs: number
  readonly waitMs: number
}

type Found = Omit<Finding, 'oracle'>

/** Jobs that had to wait for the end of an outage and were done after it. */
function backlogOf(view: JournalView, plan: Plan): readonly Waited[] {
  const outages = [...surfacesUsed(view)].flatMap(surface => outageStretches(plan, surface, { limits: false }))
  return view.jobs.flatMap(job => {
    const { doneMs, submittedMs } = job
    if (doneMs === undefined) return []
    const waited = outages.some(
      ({ startMs, endMs }) => submittedMs >= startMs && submittedMs < endMs && doneMs >= endMs,
    )
    return waited ? [{ job, doneMs, waitMs: doneMs - submittedMs }] : []
  })
}

function lateFirst(
  first: readonly Waited[],
  others: readonly Waited[],
  name: string,
  view: JournalView,
): readonly Found[] {
  const p95 = (jobs: readonly Waited[]) =>
    quantile(
      jobs.map(({ waitMs }) => waitMs),
      0.95,
    )
  if (p95(first) <= p95(others) + lookMs) return []
  const cases = first.map(({ job, waitMs }) => ({ id: job.task.id, phase: job.task.phase, weight: waitMs }))
  const [worst] = cases.toSorted((a, b) => b.weight - a.weight)
  return [
    {
      severity: 'fail',
      phase: worst?.phase ?? view.phaseAt(0),
      message:
        `95% of the ${first.length} ${name} jobs of the backlog were done within ${sayMs(p95(first))}, of the ${others.length} others within ` +
        `${sayMs(p95(others))}`,
      evidence: evidenceOf(cases),
      advice,
    },
  ]
}

/** Classes that got nothing done in a stretch in which another got five, though they had open jobs all the while. */
function starved(backlog: readonly Waited[], windowMs: number, view: JournalView): readonly Found[] {
  const byClass = Map.groupBy(backlog, ({ job }) => job.task.started.class)
  return [...byClass].flatMap(([name, own]) => {
    const times = own.map(({ doneMs }) => doneMs).toSorted((a, b) => a - b)
    const others = backlog.filter(({ job }) => job.task.started.class !== name).map(({ doneMs }) => doneMs)
    const drainMs = Math.min(...backlog.map(({ doneMs }) => doneMs))
    const gaps = times.map((t, i) => ({ fromMs: i === 0 ? drainMs : (times[i - 1] ?? drainMs), toMs: t }))
    const bad = gaps.find(
      ({ fromMs, toMs }) =>
        toMs - fromMs > windowMs + lookMs && others.filter(t => t > fromMs && t < toMs).length >= fewest,
    )
    if (!bad) return []
    const waiting = own.filter(({ doneMs }) => doneMs >= bad.toMs)
    return [
      {
        severity: 'fail' as const,
        phase: view.phaseAt(bad.fromMs),
        message:
          `no ${name} job was done for ${sayMs(bad.toMs - bad.fromMs)} of the drain, from ${sayMs(bad.fromMs)} on, while ` +
          `${others.filter(t => t > bad.fromMs && t < bad.toMs).length} of other classes were and ${waiting.length} of its own waited`,
        evidence: evidenceOf(waiting.map(({ job, waitMs }) => ({ id: job.task.id, phase: '', weight: waitMs }))),
        advice,
      },
    ]
  })
}
