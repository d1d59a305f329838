import type { JournalEvent } from '../../journal/event.ts'

/** What the scenario's own events did to the app that lasts beyond them. */
export interface Lasting {
  /** How often users come, as a multiple of the usual. */
  readonly traffic: number
  /** How many instances there shall be; as at first when absent. */
  readonly instances: number | undefined
  /** How much longer the app's network is gone from `t` on, ms. */
  readonly offlineMs: number
}

/** Reads it from the journal up to `t`. */
export function lastingAt(events: readonly JournalEvent[], t: number): Lasting {
  const lasting = { traffic: 1, instances: undefined as number | undefined, offlineMs: 0 }
  for (const event of events) {
    if (event.type !== 'client-event') continue
    const field = (name: string) => {
      const { detail } = event
      const value: unknown = typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined
      return typeof value === 'number' ? value : undefined
    }
    if (event.event === 'traffic') lasting.traffic = field('factor') ?? 1
    if (event.event === 'scale') lasting.instances = field('instances')
    if (event.event === 'online') lasting.offlineMs = 0
    if (event.event === 'offline') lasting.offlineMs = Math.max(0, event.t + (field('forMs') ?? 0) - t)
  }
  return lasting
}
