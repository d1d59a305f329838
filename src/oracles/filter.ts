import { covers } from '../model/arrival.ts'
import type { Expectation } from '../model/scenario.ts'
import { fullSurface, ownSurfaces, type Plan } from '../model/timeline.ts'
import { surfaceOf } from './attempts.ts'
import { basePhase } from './finding.ts'
import type { AttemptRecord, CallRecord, JournalView, TaskRecord } from './view.ts'
import { filterReports } from './view-reports.ts'

/**
 * The part of a journal that an expectation speaks of: tasks begun `during` these phases (a bare name means all its
 * laps) that match `of`, with all their calls and attempts; calls of no task by their own start. A task that asked
 * nobody, behind a breaker or a cache, counts for every surface.
 */
export function narrow(
  view: JournalView,
  { during, of = {} }: Pick<Expectation, 'during' | 'of'>,
  plan: Plan,
): JournalView {
  const patterns = of.surface?.map(name => fullSurface(name, plan.scenario.provider, ownSurfaces(plan.scenario)))
  const inPhase = (phase: string) => !during || during.includes(phase) || during.includes(basePhase(phase))
  const onSurface = (attempt: AttemptRecord) =>
    !patterns || patterns.some(pattern => covers(pattern, surfaceOf(attempt)))
  const hasTask = ({ phase, started, attempts }: TaskRecord) =>
    inPhase(phase) &&
    (!of.class || of.class.includes(started.class)) &&
    (!of.tenant || of.tenant.includes(started.tenant)) &&
    (of.streaming === undefined || of.streaming === started.streaming) &&
    (attempts.length === 0 || attempts.some(onSurface))

  const tasks = view.tasks.filter(hasTask)
  const kept = new Set(tasks)
  const hasCall = (call: CallRecord) => {
    if (!call.attempts.some(onSurface)) return false
    if (call.task) return kept.has(call.task)
    const speaksOfTasks = of.class !== undefined || of.tenant !== undefined
    const isStreamed = of.streaming === undefined || of.streaming === call.started.streaming
    return !speaksOfTasks && isStreamed && inPhase(view.phaseAt(call.startMs))
  }
  const calls = view.calls.filter(hasCall)
  const keptCalls = new Set(calls)
  const attempts = view.attempts.filter(attempt => keptCalls.has(attempt.call) && onSurface(attempt))
  const keptAttempts = new Set(attempts)
  const sideEffects = view.sideEffects.filter(({ attempt }) => keptAttempts.has(attempt))
  const jobs = view.jobs.filter(({ task }) => kept.has(task))
  const speaksOfSome = Object.values(of).some(value => value !== undefined)
  const reports = filterReports(view.reports, ({ t, task }) =>
    // What the warm-up shows is what is usual, for every part.
    t < 0 ? true : task ? kept.has(task) : !speaksOfSome && inPhase(view.phaseAt(t)),
  )
  return { ...view, tasks, calls, attempts, sideEffects, jobs, reports }
}
