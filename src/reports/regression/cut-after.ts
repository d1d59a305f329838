import type { JournalEvent } from '../../journal/event.ts'
import type { ClientEvent, Instant, PhaseItem, Scenario, StatusUpdate, Track } from '../../model/scenario.ts'
import { isRepeat } from '../../model/scenario.ts'
import { instantMs, type Plan } from '../../model/timeline.ts'

/** A scenario without what comes after some phase, and when that is over, ms. */
export interface Cut {
  readonly scenario: Scenario
  readonly cutMs: number
}

/** `undefined` where nothing comes after it. A phase of a repeated block takes its whole lap along. */
export function cutAfter(scenario: Scenario, plan: Plan, phase: string): Cut | undefined {
  const [base = '', lap = '1'] = phase.split('#')
  const at = scenario.phases.findIndex(item => namesIn(item).includes(base))
  const item = scenario.phases[at]
  if (!item) return undefined
  const last = isRepeat(item) ? { repeat: { ...item.repeat, times: Number(lap) } } : item
  const phases = [...scenario.phases.slice(0, at), last]
  const lastName = namesIn(last).at(-1) ?? base
  const end = plan.phases.find(({ name }) => name === (lap === '1' ? lastName : `${lastName}#${lap}`))
  if (!end || end.endMs >= plan.lengthMs) return undefined
  return { scenario: { ...scenario, phases, ...partsBefore(scenario, plan, end.endMs) }, cutMs: end.endMs }
}

function namesIn(item: PhaseItem): readonly string[] {
  return isRepeat(item) ? item.repeat.phases.map(({ name }) => name) : [item.name]
}

/** What else is on the timeline, as far as it has begun by then. */
function partsBefore(scenario: Scenario, plan: Plan, cutMs: number): Partial<Scenario> {
  const msOf = (instant: Instant) => instantMs(instant, plan.phases, plan.lengthMs)
  // `end` is another instant now.
  const kept = (instant: Instant): Instant =>
    instant.phase === 'end' || msOf(instant) >= cutMs ? { phase: 'start', offset: msOf(instant) } : instant
  const faults = (scenario.faults ?? [])
    .filter(({ from }) => msOf(from) < cutMs)
    .map((track): Track => {
      const until: Instant = msOf(track.until) >= cutMs ? { phase: 'end', offset: 0 } : kept(track.until)
      return { ...track, from: kept(track.from), until }
    })
  const status = (scenario.status_page ?? [])
    .filter(({ at }) => msOf(at) < cutMs)
    .map((update): StatusUpdate => {
      return { ...update, at: kept(update.at), ...(update.says_at && { says_at: kept(update.says_at) }) }
    })
  const events = (scenario.events ?? [])
    .filter(({ at }) => msOf(at) < cutMs)
    .map((event): ClientEvent => ({ ...event, at: kept(event.at) }))
  const spikes = scenario.workload?.spikes?.filter(({ at }) => msOf(at) < cutMs)
  return {
    ...(scenario.faults && { faults }),
    ...(scenario.status_page && { status_page: status }),
    ...(scenario.events && { events }),
    ...(spikes && { workload: { ...scenario.workload, spikes: spikes.map(one => ({ ...one, at: kept(one.at) })) } }),
  }
}

/** The journal until then, without the tasks that were open then: what becomes of them is another story now. */
export function eventsBefore(events: readonly JournalEvent[], cutMs: number): readonly JournalEvent[] {
  const before = events.filter(({ t }) => t < cutMs)
  const settled = new Set(before.flatMap(event => (event.type === 'task-settled' ? [event.task] : [])))
  const isKept = (event: JournalEvent) => !('task' in event) || event.task === undefined || settled.has(event.task)
  return before.filter(isKept)
}
