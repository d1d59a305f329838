import { faultParams } from '../../model/fault.ts'
import { byPhase, evidenceOf, sayCount, sayMs, sayShare } from '../finding.ts'
import { noHotLoop } from '../no-hot-loop.ts'
import type { Finding } from '../oracle.ts'
import type { TaskRecord } from '../view.ts'
import { lastHealMs, outagesOf } from './outage.ts'
import { type Base, defineRelation, type Ran, type Twin } from './relation.ts'
import { bare } from './scenario-edits.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** So much longer than the slowest task of the base is a hang, ms. */
const patienceMs = 2 * minuteMs
const afterHealMs = 2 * minuteMs
const fewest = 20

const advice =
  'The wall clock is set by others: NTP steps it, a virtual machine wakes up, somebody corrects it. Measure how long something takes with ' +
  '`performance.now()` or with a timer, never by subtracting two `Date.now()`, keep deadlines and the sleep of a breaker on that clock, ' +
  'and cap every wait that is computed from a date (`retry-after` as a date too).'

/** The wall clock jumps; time goes on. */
export const clockRobust = defineRelation({
  id: 'clock-robust',
  code: 'T8',
  says: 'When the wall clock is set an hour forth or back in the middle of it, nothing hangs and nothing runs hot.',
  params: {},
  notes: {
    needs: 'the wire, and two runs more',
    judges:
      'The same run with `Date` set an hour forth, and an hour back, in the middle of the first outage (timers and `performance` go on): no ' +
      'task stays open or takes two minutes more than the slowest one did; no call runs hot that did not; no more than twice the attempts ' +
      'are made. It warns where tasks after the last fault are answered less often, by a tenth or more.',
    vacuous: 'no task was begun after the clock had been set',
    source: 'An hour is what a wrong time zone makes; the tolerances leave a breaker room to open once too early.',
    change: advice,
  },
  twins: steps,
  compare(base, runs) {
    const names = twinNames(base)
    const slowestMs = Math.max(0, ...base.view.tasks.map(tookMs))
    const findings = runs.flatMap((run, i) => {
      const name = names[i] ?? ''
      return [...hung(run, name, slowestMs), ...hot(base, run, name), ...notBack(base, run, name)]
    })
    const examined = runs.reduce((sum, { view }) => sum + view.tasks.length, 0)
    return { examined, ...(examined === 0 && { vacuous: 'no task was begun after the clock had been set' }), findings }
  },
})

type Told = Omit<Finding, 'oracle'>

function steps(base: Base): readonly Twin[] {
  const [first] = outagesOf(base.view, base.plan)
  const atMs = first ? Math.round((first.startMs + first.endMs) / 2) : Math.round(base.plan.lengthMs / 2)
  const scenario = bare(base.scenario)
  return [
    { name: 'the clock set forth by an hour', scenario, wallStep: { atMs, byMs: hourMs } },
    { name: 'the clock set back by an hour', scenario, wallStep: { atMs, byMs: -hourMs } },
  ]
}

const twinNames = (base: Base) => steps(base).map(({ name }) => name)

const tookMs = ({ startMs, settledMs }: TaskRecord) => (settledMs ?? startMs) - startMs

function hung({ view }: Ran, name: string, slowestMs: number): readonly Told[] {
  const cases = view.tasks.flatMap(task => {
    const took = task.settledMs === undefined ? view.endMs - task.startMs : tookMs(task)
    return took > slowestMs + patienceMs ? [{ id: task.id, phase: task.phase, weight: took }] : []
  })
  return byPhase(cases)
    .slice(0, 1)
    .map(([worst]) => ({
      severity: 'fail',
      phase: worst.phase,
      message:
        `${name}, ${sayCount(cases.length, 'task')} hung: ${worst.id} for ${sayMs(worst.weight)}, where the slowest took ${sayMs(slowestMs)} ` +
        'before',
      evidence: evidenceOf(cases),
      advice,
    }))
}

function hot(base: Base, { view, plan }: Ran, name: string): readonly Told[] {
  const params = faultParams(noHotLoop.params, {})
  const ranHot = base.view.attempts.length > 0 && noHotLoop.judge(base.view, params, base.plan).findings.length > 0
  const loops = ranHot ? [] : noHotLoop.judge(view, params, plan).findings
  const [before, after] = [base.view.attempts.length, view.attempts.length]
  const isStorm = after > 2 * before + 50
  if (loops.length === 0 && !isStorm && !hasStuck(base, view)) return []
  const [first] = loops
  return [
    {
      severity: 'fail',
      phase: first?.phase ?? view.attempts.at(-1)?.started.phase ?? '',
      message: `${name}, ${first ? first.message : `${after} attempts were made where it had been ${before}`}`,
      evidence: first?.evidence ?? view.attempts.slice(-10).map(({ id }) => id),
      advice,
    },
  ]
}

/** It ended in a spin or a deadlock. */
function hasStuck({ view: before }: Base, after: Ran['view']): boolean {
  const isStuck = ({ notes }: Ran['view']) => notes.some(({ kind }) => kind === 'livelock' || kind === 'deadlock')
  return isStuck(after) && !isStuck(before)
}

function notBack(base: Base, { view }: Ran, name: string): readonly Told[] {
  const fromMs = lastHealMs(base.view, base.plan) + afterHealMs
  const [was, is] = [base.view, view].map(({ tasks }) => tasks.filter(({ startMs }) => startMs >= fromMs))
  if (!was || !is || Math.min(was.length, is.length) < fewest) return []
  const [before, after] = [goodShare(was), goodShare(is)]
  if (after >= before - 0.1) return []
  const bad = is.filter(({ settled }) => settled?.outcome !== 'ok')
  return [
    {
      severity: 'warn',
      phase: bad[0]?.phase ?? '',
      message: `${name}, ${sayShare(after)} of the tasks after the last fault were answered well, and ${sayShare(before)} before`,
      evidence: bad.slice(0, 10).map(({ id }) => id),
      advice,
    },
  ]
}

function goodShare(tasks: readonly TaskRecord[]): number {
  return tasks.filter(({ settled }) => settled?.outcome === 'ok').length / tasks.length
}
