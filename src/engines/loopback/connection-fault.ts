import { type Arrival, covers, surfaceName } from '../../model/arrival.ts'
import type { Effect } from '../../model/effect.ts'
import { type Plan, type PlannedFault, phaseAt } from '../../model/timeline.ts'
import type { Door } from './door.ts'

/** What befalls every connection to a door, before any request is read. */
export interface ConnectionFault {
  /** `refuse`: nothing listens. `stall`: connections are neither accepted nor refused. `tls`: the handshake fails. */
  readonly type: 'refuse' | 'stall' | 'tls'
  readonly entry: PlannedFault
}

/**
 * The entry in force at `t` (ms since t = 0) that hits all that is behind `door`, whoever asks: then the connection fails,
 * as in life. An entry with a share, a condition or a part of the door's surfaces can only be decided with the request at
 * hand; so can one that stands behind an entry of that kind.
 */
export function connectionFault(plan: Plan, t: number, door: Door): ConnectionFault | undefined {
  const own = surfaceName(door.provider, door.surface)
  const phase = t >= 0 ? phaseAt(plan.phases, t) : undefined
  const tracks = plan.tracks.filter(track => t >= track.startMs && t < track.endMs)
  for (const entry of [...tracks, ...(phase?.faults ?? [])]) {
    if (!entry.surfaces.some(pattern => covers(pattern, own) || covers(own, pattern))) continue
    const type = isForAll(entry, own) ? typeOf(entry) : undefined
    return type && { type, entry }
  }
  return undefined
}

function isForAll({ surfaces, share, sticky, when, options }: PlannedFault, own: string): boolean {
  return (
    surfaces.some(pattern => covers(pattern, own)) &&
    share === 1 &&
    sticky === undefined &&
    Object.keys(when).length === 0 &&
    options.length === 1
  )
}

function typeOf({ options: [option] }: PlannedFault): ConnectionFault['type'] | undefined {
  if (!option) return undefined
  let isChance = false
  const draw = () => {
    isChance = true
    return 0
  }
  const effect = option.fault.effect(option.params, { arrival: nobody, draw })
  return isChance ? undefined : typeOfEffect(effect)
}

/** Who connects has not said yet what for. */
const nobody: Arrival = {
  ...{ provider: '', surface: '', model: undefined, streaming: false, key: 'none', tenant: undefined },
  ...{ region: undefined, session: undefined, inputTokens: 0, maxOutputTokens: 0, instance: -1, user: -1 },
  ...{ taskNumber: -1, attemptNumber: 0, call: undefined, callNumber: 0 },
}

function typeOfEffect(effect: Effect): ConnectionFault['type'] | undefined {
  switch (effect.type) {
    case 'refuse':
    // An address on this machine always resolves: the nearest thing is that nobody is there.
    case 'dns':
      return 'refuse'
    case 'tls':
      return 'tls'
    case 'hold':
      return effect.connect ? 'stall' : undefined
    default:
      return undefined
  }
}
