import type { BreakDetail } from '../../journal/breaks.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { EventTargets } from '../../run/client-events.ts'
import type { DrillParts } from '../parts.ts'
import { lastingAt } from './lasting.ts'
import type { Resume } from './read-resume.ts'
import { settleOpen } from './settle.ts'

/** A drill that goes on. */
export interface GoingOn {
  /** What was under way is told as lost, and where it broke off. To be called before the app is started. */
  breakOff(): void
  /** The app is up, and time goes on: what was in force is again. */
  goOn(targets: EventTargets): void
}

export function goingOn(parts: DrillParts, { events }: Resume, instancesAtFirst: number): GoingOn {
  const { stage, journal, injections, apply } = parts
  const t = events.at(-1)?.t ?? 0
  const { lines, lost } = settleOpen(events, instancesAtFirst)
  const says = wordsOf(lost)
  const { traffic, instances, offlineMs } = lastingAt(events, t)
  return {
    breakOff() {
      for (const line of lines) journal.write(line)
      journal.write({ type: 'mark', t, mark: 'interrupted', says, detail: { ...lost } })
    },
    goOn(targets) {
      journal.write({ type: 'mark', t: stage.t(), mark: 'resumed', detail: { ...lost } })
      for (const { instance } of targets.instances.running)
        journal.write({ type: 'client-event', t: stage.t(), event: 'started', instance })
      if (traffic !== 1) targets.traffic.setFactor(traffic)
      if (instances !== undefined) void targets.instances.scale(instances)
      if (offlineMs > 0) stayOffline(parts, offlineMs)
      for (const { endMs } of injections.tracks.slice(parts.ownTracks))
        if (endMs > stage.t()) stage.clock.after(endMs - stage.t() + 1, apply)
      apply()
    },
  }
}

function stayOffline({ stage, journal, apply }: DrillParts, ms: number): void {
  stage.network.cut(ms)
  stage.clock.after(ms, () => {
    if (!stage.over && !stage.network.isDown) journal.write({ type: 'client-event', t: stage.t(), event: 'online' })
  })
  stage.clock.after(ms + 1, apply)
}

function wordsOf({ tasks, attempts, jobs }: BreakDetail): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
  const parts = [count(tasks, 'task'), count(attempts, 'request'), ...(jobs > 0 ? [count(jobs, 'job')] : [])]
  return `${parts.join(', ').replace(/, ([^,]*)$/, ' and $1')} under way were lost with it, by nobody's fault`
}

/** The events of a resumed drill from which its own process writes on. */
export function eventsBefore(resume: Resume | undefined): readonly JournalEvent[] {
  return resume && !resume.isAfresh ? resume.events : []
}
