import { scenarioLengthMs } from '../model/scale.ts'
import type { PhaseItem, Scenario } from '../model/scenario.ts'
import { Dice } from './dice.ts'
import { named } from './draft.ts'
import type { Making } from './entries.ts'
import { isFair } from './fair.ts'
import type { Frame } from './frame.ts'
import { drawEvents, drawSpike, drawStatusPage, drawTracks } from './happenings.ts'
import { drawProfile } from './profile.ts'
import { drawCapacity, drawWorkload } from './size.ts'
import { drawTimeline } from './timeline.ts'

export interface OutageOptions {
  /** Requests in a healthy run, at most, about; 250 when absent. */
  readonly attempts?: number
}

const usualAttempts = 250

/** Makes one outage of the app in `frame` from a stream of numbers in [0, 1). The same numbers make the same outage. */
export function makeOutage(
  frame: Frame,
  next: () => number,
  { attempts = usualAttempts }: OutageOptions = {},
): Scenario {
  const dice = new Dice(next)
  const making: Making = { dice, frame, profile: drawProfile(dice, frame) }
  const { phases: drafts, times } = drawTimeline(making)
  const phases = named(drafts)
  const items: readonly PhaseItem[] = times > 1 ? [{ repeat: { times, phases } }] : phases
  const tracks = times > 1 ? [] : drawTracks(making, phases)
  const events = drawEvents(making, phases)
  const status = drawStatusPage(making, phases)
  const workload = drawWorkload(making, lengthOf(items), { attempts })
  const capacity = drawCapacity(making, workload)
  const spike = drawSpike(making, phases, workload)
  const { provider, surfaces, answers, tokens, expect } = frame.app
  const outage: Scenario = {
    blackstart: 1,
    id: 'outage',
    provider,
    ...(surfaces && { surfaces }),
    ...(capacity.length > 0 && { capacity }),
    phases: items,
    ...(tracks.length > 0 && { faults: tracks }),
    ...(status.length > 0 && { status_page: status }),
    ...(answers && { answers }),
    ...(tokens && { tokens }),
    ...(events.length > 0 && { events }),
    workload,
    ...(expect && { expect }),
  }
  const crowded: Scenario = spike ? { ...outage, workload: { ...workload, spikes: [spike] } } : outage
  return isFair(crowded) ? crowded : outage
}

const lengthOf = (phases: readonly PhaseItem[]) =>
  scenarioLengthMs({ blackstart: 1, id: 'outage', provider: 'anthropic', phases })
