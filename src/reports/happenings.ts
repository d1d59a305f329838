import { formatDuration } from '../lib/duration.ts'
import type { CapacityEntry, ClientEvent, Instant, OwnSurface, StatusUpdate } from '../model/scenario.ts'
import { instantMs, type Plan } from '../model/timeline.ts'
import { levelText } from './entry-text.ts'
import { percent } from './text.ts'

/** `NAME + 5m`, as it is written in a scenario. */
export function instantText({ phase, offset }: Instant): string {
  if (offset === 0) return phase
  return offset > 0 ? `${phase} + ${formatDuration(offset)}` : `${phase} - ${formatDuration(-offset)}`
}

/** What a status page says from some instant on, in one line. */
export function statusText(update: StatusUpdate): string {
  const { name, incident, impact, components = {}, says, says_at, page, retracts } = update
  const parts = [
    page === undefined ? '' : `the page is ${page}`,
    [name && `"${name}"`, incident, impact && `(${impact})`].filter(Boolean).join(' '),
    Object.entries(components)
      .map(([name, status]) => `${name} ${status.replaceAll('_', ' ')}`)
      .join(', '),
    says === undefined ? '' : `"${says}"`,
    says_at === undefined ? '' : `dated ${instantText(says_at)}`,
    retracts ? 'the update before is gone' : '',
  ]
  return parts.filter(Boolean).join('; ')
}

/** What the scenario says that a status page said at `t`, for updates of which a journal has no words, as when it went away. */
export function updateAt(t: number, { scenario, phases, lengthMs }: Plan): string {
  const updates = (scenario.status_page ?? []).map(update => ({
    update,
    apart: Math.abs(instantMs(update.at, phases, lengthMs) - t),
  }))
  const [nearest] = updates.toSorted((a, b) => a.apart - b.apart)
  return nearest ? statusText(nearest.update) : 'changed'
}

/** What happens to the app at some instant, in one line. */
export function eventText({ at: _, ...event }: ClientEvent): string {
  const [name = '', value] = Object.entries(event)[0] ?? []
  if (value === true) return name
  if (name === 'offline') return `offline for ${formatDuration(Number(value))}`
  if (name === 'traffic') return `traffic ${String(value)}x`
  const details = Object.entries(value ?? {}).map(
    ([key, detail]) => `${key} ${key === 'apart' ? formatDuration(Number(detail)) : String(detail)}`,
  )
  return `${name} ${details.join(', ')}`.trimEnd()
}

/** How a provider reacts to load, in one line. */
export function capacityText(entry: CapacityEntry): string {
  const { slots, service, cv, max_wait, reject_cost, speed, warm_up, population, work_after_disconnect } = entry
  const parts = [
    slots !== undefined && `${slots} slots`,
    service !== undefined && `${formatDuration(service)} each`,
    cv !== undefined && `varying by ${cv}`,
    max_wait !== undefined && `waits up to ${formatDuration(max_wait)}`,
    reject_cost !== undefined && `a refusal costs ${reject_cost} of that`,
    speed !== undefined && `speed ${levelText(speed, percent)}`,
    warm_up !== undefined && `warm after ${formatDuration(warm_up)}`,
    population !== undefined && `each client stands for ${population}`,
    work_after_disconnect === true && 'works on for clients that left',
  ]
  return `${entry.surface.join(', ')}: capacity of ${parts.filter(part => part !== false).join(', ')}`
}

/** Where a surface of the scenario's own is. */
export function ownSurfaceText(name: string, { http, tcp }: OwnSurface): string {
  if (tcp !== undefined) return `${name}: TCP at ${tcp}`
  const { host = '', port, path = '' } = http ?? {}
  return `${name}: HTTP at ${host}${port === undefined ? '' : `:${port}`}${path}`
}
