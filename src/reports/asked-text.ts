import { formatDuration } from '../lib/duration.ts'
import type { Scenario, StopCondition, WorkloadSpec } from '../model/scenario.ts'
import { levelText } from './entry-text.ts'
import { instantText } from './happenings.ts'
import { percent } from './text.ts'

/** What the app is asked to do, where the scenario says; a line each. */
export function workloadTexts(spec: WorkloadSpec = {}): readonly string[] {
  const { users, instances, tenants, questions, tasks, think, arrivals, streaming, critical } = spec
  const { sessions, jobs, spikes = [] } = spec
  const numbers = [
    users !== undefined && `users ${users}`,
    instances !== undefined && `instances ${instances}`,
    tenants !== undefined && `tenants ${tenants}`,
    questions !== undefined && `questions ${questions}`,
    tasks !== undefined && `about ${tasks} tasks when all is well`,
    think !== undefined && `${formatDuration(think)} of thought before each task`,
    arrivals !== undefined && `${levelText(arrivals)} tasks arrive a minute`,
    streaming !== undefined && `${percent(streaming)} of tasks stream`,
    critical !== undefined && `${percent(critical)} are critical`,
    jobs && (jobs.share === undefined ? 'some are jobs' : `${percent(jobs.share)} are jobs`),
    sessions && `conversations${sessions.turns === undefined ? '' : ` of ${sessions.turns} turns`}`,
    sessions?.tools && 'with tools',
  ].filter(text => typeof text === 'string')
  return [
    ...(numbers.length > 0 ? [numbers.join(', ')] : []),
    ...spikes.map(({ at, tasks }) => `${instantText(at)}: ${tasks} tasks at once`),
  ]
}

/** What ends a run early, in one line. */
export function stopText({ outcome, above, over }: StopCondition): string {
  return `more than ${percent(above)} of tasks ${outcome} within ${formatDuration(over)}`
}

/** What a matrix varies; a line each. */
export function matrixTexts(matrix: Scenario['matrix'] = {}): readonly string[] {
  const spell = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return Object.entries(matrix).map(([path, values]) => `${path}: ${values.map(spell).join(' | ')}`)
}
