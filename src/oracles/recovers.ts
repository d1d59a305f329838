import { covers } from '../model/arrival.ts'
import {
  fullSurface,
  outageStretches,
  ownSurfaces,
  type Plan,
  plannedFaults,
  plannedLimits,
} from '../model/timeline.ts'
import { succeeded, surfaceOf, surfacesUsed, wasTurnedDown } from './attempts.ts'
import { evidenceOf, sayCount, sayMs, sayShare, tally } from './finding.ts'
import { graceMs, graceParam } from './grace.ts'
import { meets, offlineSpans } from './offline.ts'
import { defineOracle, type Judgement } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'

/** Judged only once the provider has healed for good: a client that still degrades then has not recovered. */
export const recovers = defineOracle({
  id: 'recovers',
  code: 'T2',
  says: 'Soon after the provider is back for good, the app gives good answers again.',
  kind: 'liveness',
  byDefault: true,
  params: {
    within: graceParam,
    surface: { kind: 'surfaces', says: 'surfaces to judge; all that the app uses when absent' },
    at_least: { kind: 'share', says: 'share of later tasks that must settle ok', default: 0.95 },
  },
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'Tasks begun that long or longer after the last fault or limit on a surface in use: the share that settles ' +
      '`ok`. Five such tasks are needed; those that another surface’s outage spoils are left out.',
    vacuous: 'no surface that the app uses had an outage, or fewer than five tasks began after it',
    source:
      'Twice a circuit breaker’s usual 30 s, and a backoff of 60 s; where the provider reacts to load, the time B / (r - λ) in which it works ' +
      'off a backlog B at a rate r beside new work λ.',
    change:
      'Look for what keeps state from the outage: a breaker without a half-open probe, a backoff that no success ' +
      'resets, a fallback that nobody switches back, a key marked as dead, slots held by calls that hang.',
  },
  judge(view, params, plan) {
    const patienceMs = graceMs(params, plan)
    const floor = params.number('at_least')
    // A job that was taken in has had its good answer; what becomes of it is another question.
    const jobs = new Set(view.jobs.map(({ task }) => task))
    const offline = offlineSpans(view, patienceMs)
    const recoveries = recoveriesOf(view, plan, params.surfaces('surface'))
    if (recoveries.length === 0) return vacuous('no surface that the app uses had an outage')
    const judged = recoveries.map(recovery => {
      const later = tasksOf(view, plan, recovery).filter(
        // The run may have been stopped; a task that was young then says nothing. Nor does one whose process or network
        // the scenario itself took away.
        ({ startMs, settled, settledMs }) =>
          (settled ? !settled.lostTo : view.endMs - startMs >= patienceMs) &&
          !meets(offline, startMs, settledMs ?? view.endMs),
      )
      return { recovery, later, tasks: later.filter(({ startMs }) => startMs >= recovery.healedMs + patienceMs) }
    })
    const enough = judged.filter(({ tasks }) => tasks.length >= fewest)
    if (enough.length === 0) {
      const most = Math.max(...judged.map(({ tasks }) => tasks.length))
      return vacuous(
        `only ${sayCount(most, 'task')} began ${sayMs(patienceMs)} or more after the outage; ${fewest} are needed`,
      )
    }
    return {
      examined: enough.reduce((sum, { tasks }) => sum + tasks.length, 0),
      findings: enough.flatMap(({ recovery, later, tasks }) => {
        const bad = tasks.filter(task => task.settled?.outcome !== 'ok' && !jobs.has(task))
        const share = 1 - bad.length / tasks.length
        const cases = bad.map(task => ({
          id: task.id,
          phase: task.phase,
          weight: badness(task) * 1e12 + task.startMs,
          task,
        }))
        const [first] = cases.toSorted((a, b) => b.weight - a.weight)
        if (share >= floor || !first) return []
        return [
          {
            severity: 'fail' as const,
            phase: first.phase,
            message:
              `${recovery.surfaces.join(', ')} was healthy from ${sayMs(recovery.healedMs)} on, but of ` +
              `${sayCount(tasks.length, 'task')} begun ${sayMs(patienceMs)} or more later only ${sayShare(share)} settled ok, not ` +
              `${sayShare(floor)} (${tally(bad.map(wordOf))}); ${firstGood(later, recovery.healedMs)}`,
            evidence: evidenceOf(cases),
            advice:
              'The outage is over and your users still have it. Something keeps state from it: a breaker that never tries ' +
              'again (give it a half-open probe, every 30 s or so), a backoff that is not reset by a success or that has ' +
              'grown to many minutes (cap it near 60 s), a switch to a fallback that nobody switches back, a key marked as ' +
              'dead for good, a pool of connections or slots held by calls that hang (give them a deadline), or a ' +
              '`retry-after` of hours taken at its word.',
          },
        ]
      }),
    }
  },
})

// Below this a share says nothing.
const fewest = 5

const vacuous = (reason: string): Judgement => ({ examined: 0, vacuous: reason, findings: [] })

interface Recovery {
  readonly healedMs: number
  readonly surfaces: readonly string[]
}

/** Surfaces by the time at which their last fault or limit ended. */
function recoveriesOf(view: JournalView, plan: Plan, named: readonly string[]): readonly Recovery[] {
  const used = surfacesUsed(view)
  const surfaces =
    named.length > 0
      ? named.map(name => fullSurface(name, plan.scenario.provider, ownSurfaces(plan.scenario)))
      : used.size > 0
        ? [...used]
        : [...plannedFaults(plan), ...plannedLimits(plan)].flatMap(entry => entry.surfaces)
  const groups = new Map<number, string[]>()
  for (const surface of new Set(surfaces)) {
    const healedMs = outageStretches(plan, surface).at(-1)?.endMs
    if (healedMs === undefined) continue
    const group = groups.get(healedMs)
    if (group) group.push(surface)
    else groups.set(healedMs, [surface])
  }
  return [...groups].map(([healedMs, group]) => ({ healedMs, surfaces: group }))
}

/** Tasks begun after the heal that speak of these surfaces: all but those that another surface's outage spoils. */
function tasksOf(view: JournalView, plan: Plan, { healedMs, surfaces }: Recovery): readonly TaskRecord[] {
  const isOurs = (surface: string) => surfaces.some(ours => covers(ours, surface) || covers(surface, ours))
  const touched = view.tasks.map(task => ({ task, names: new Set(task.attempts.map(surfaceOf)) }))
  // A surface that some task used beside ours is its fallback or its helper: it is no excuse for leaving ours alone.
  // But a service of the app's own and a model never stand in for each other: who waits for one has not left the other.
  const isOfOurKind = (name: string) => surfaces.some(ours => isService(ours) === isService(name))
  const companions = new Set(
    touched.flatMap(({ names }) => ([...names].some(isOurs) ? [...names].filter(isOfOurKind) : [])),
  )
  const strangers = [...surfacesUsed(view)].filter(name => !isOurs(name))
  const outages = new Map(strangers.map(name => [name, outageStretches(plan, name)]))
  const isDown = (name: string, task: TaskRecord) =>
    (outages.get(name) ?? []).some(span => span.startMs <= (task.settledMs ?? view.endMs) && span.endMs > task.startMs)
  return touched
    .filter(({ task, names }) => {
      if (task.startMs < healedMs) return false
      const down = strangers.filter(name => isDown(name, task))
      if (down.length === 0) return true
      // Who is told that the request is wrong does well to ask nobody else.
      if (task.attempts.some(attempt => down.includes(surfaceOf(attempt)) && wasTurnedDown(attempt))) return false
      if (names.size === 0) return down.every(name => companions.has(name))
      const oursWorked = task.attempts.some(attempt => isOurs(surfaceOf(attempt)) && succeeded(attempt))
      return !down.some(name => names.has(name) && (oursWorked || !companions.has(name)))
    })
    .map(({ task }) => task)
}

const isService = (surface: string) => surface.startsWith('http.')

const worst = ['degraded', 'queued', 'truncated', 'failed', 'not-an-answer', 'open']

const wordOf = (task: TaskRecord) => (task.settled ? task.settled.outcome : 'still open')

const badness = (task: TaskRecord) => worst.indexOf(task.settled?.outcome ?? 'open')

function firstGood(tasks: readonly TaskRecord[], healedMs: number): string {
  const times = tasks.flatMap(task =>
    task.settled?.outcome === 'ok' && task.settledMs !== undefined ? [task.settledMs - healedMs] : [],
  )
  if (times.length === 0) return 'no later task got a good answer'
  const first = times.reduce((a, b) => Math.min(a, b))
  return `the first task begun after it to get a good answer had it ${sayMs(first)} after`
}
