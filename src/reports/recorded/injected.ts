import type { JournalEvent } from '../../journal/event.ts'
import type { Track } from '../../model/scenario.ts'
import { firstInjected, type Plan, type PlannedFault } from '../../model/timeline.ts'
import type { FullCatalogue } from '../../run/catalogue.ts'
import { readInjectedMark } from '../../run/injected-mark.ts'
import { readInjection } from '../../run/injections.ts'
import { instantAt } from '../../run/instants.ts'

/** The plan with what a test or people injected meanwhile, as tracks of its scenario. */
export function withInjected(events: readonly JournalEvent[], plan: Plan, catalogue: FullCatalogue): Plan {
  const tracks = [...plan.tracks]
  const entries: Track[] = []
  for (const event of events) {
    if (event.type !== 'mark' || event.mark !== 'injected') continue
    const read = readMark(event.says ?? '', plan, catalogue)
    if (!read) continue
    const path = `faults[${tracks.length}]`
    const until = event.t + (read.lengthMs ?? plan.lengthMs)
    const endMs = Math.min(plan.lengthMs, endedAt(events, path, event.t) ?? until, until)
    tracks.push({
      ...read.planned,
      index: firstInjected + entries.length,
      ...{ path, drawKey: `injected ${entries.length} ${read.planned.surfaces.toSorted().join()}` },
      ...{ phase: instantAt(event.t, plan).phase, startMs: event.t, endMs },
    })
    entries.push({ from: instantAt(event.t, plan), until: instantAt(endMs, plan), ...read.entry })
  }
  if (entries.length === 0) return plan
  return { ...plan, tracks, scenario: { ...plan.scenario, faults: [...(plan.scenario.faults ?? []), ...entries] } }
}

/** When somebody ended it. */
function endedAt(events: readonly JournalEvent[], path: string, from: number): number | undefined {
  const end = events.find(
    event => event.type === 'mark' && event.mark === 'injection-ended' && event.says === path && event.t >= from,
  )
  return end?.t
}

interface ReadMark {
  readonly entry: ReturnType<typeof readInjection>['entry']
  readonly planned: PlannedFault
  readonly lengthMs: number | undefined
}

/** A mark that somebody made by hand under this name is left alone. */
function readMark(says: string, { scenario }: Plan, catalogue: FullCatalogue): ReadMark | undefined {
  const told = readInjectedMark(says)
  if (!told) return undefined
  try {
    return { ...readInjection(told.spelled, scenario, catalogue), lengthMs: told.lengthMs }
  } catch {
    return undefined
  }
}
