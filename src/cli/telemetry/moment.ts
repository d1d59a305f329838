import type { JournalEvent, Mark } from '../../journal/event.ts'
import { fieldOf } from '../../journal/people-note.ts'
import type { RunResult } from '../../run/result.ts'
import type { Turn } from './in-force.ts'
import { faultsOf } from './watched.ts'

/** Something of a drill that deserves a line on a team's dashboard. */
export interface Moment {
  /** The event's name behind `blackstart.`, as others keep it: nothing is renamed lightly. */
  readonly name: string
  /** Ms of the scenario. */
  readonly t: number
  /** For people. */
  readonly says: string
  /** Attributes behind `blackstart.`. */
  readonly facts: Readonly<Record<string, string | number>>
  /** It is what somebody should look at. */
  readonly isBad?: boolean
}

/** What of the journal is told: how the drill goes, what people did, and nothing of single tasks and requests. */
export function momentOf(event: JournalEvent): Moment | undefined {
  const { t } = event
  switch (event.type) {
    case 'run-started': {
      const { client, engine, seed } = event
      return { name: 'drill.started', t, says: `drill of ${client}`, facts: { client, engine, seed } }
    }
    case 'phase-entered':
      return { name: 'phase.entered', t, says: `phase ${event.phase}`, facts: { phase: event.phase } }
    case 'mark':
      return { name: 'mark', t, says: event.says ?? event.mark, facts: { mark: event.mark, ...partsOf(event) } }
    case 'status-changed':
      return {
        ...{ name: 'status_page.changed', t, says: event.says ?? `status page: ${event.incident ?? 'components'}` },
        facts: { ...(event.incident !== undefined && { 'status_page.incident': event.incident }) },
      }
    case 'client-event':
      return {
        ...{ name: `app.${event.event.replaceAll('-', '_')}`, t, says: `app: ${event.event}` },
        facts: { ...(event.instance !== undefined && { instance: event.instance }) },
      }
    default:
      return undefined
  }
}

/** Of what a mark says besides: kinds, and no names of people. */
function partsOf(mark: Mark): Moment['facts'] {
  const parts = ['kind', 'to', 'category', 'status'].map(name => [name, fieldOf(mark, name)] as const)
  return Object.fromEntries(
    parts.flatMap(([name, value]) => (typeof value === 'string' ? [[`${mark.mark}.${name}`, value]] : [])),
  )
}

export function momentOfTurn({ type, entry, t }: Turn): Moment {
  const fault = faultsOf(entry).join('|')
  const surface = entry.surfaces.join(',')
  return {
    ...{ name: `fault.${type}`, t, says: `${fault} on ${surface} ${type}` },
    facts: { fault, surface, entry: entry.path },
  }
}

export function momentOfEnd({ verdict, exitCode, reason, findings, journal }: RunResult): Moment {
  return {
    ...{ name: 'drill.ended', t: journal.at(-1)?.t ?? 0, says: reason },
    facts: { verdict, exit_code: exitCode, findings: findings.length },
    ...(verdict === 'fail' && { isBad: true }),
  }
}
