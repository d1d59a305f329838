import type { ComponentStatus } from '../model/scenario.ts'
import { parseMoment } from './moments.ts'
import type { ImportProblem } from './problem.ts'
import { oneLine } from './words.ts'

/** An incident of a Statuspage, as far as it is of use: updates oldest first. */
export interface Incident {
  readonly id: string
  readonly name: string
  readonly impact: 'none' | 'minor' | 'major' | 'critical' | undefined
  /** Its page, if it names one. */
  readonly link: string | undefined
  readonly startedMs: number | undefined
  readonly updates: readonly IncidentUpdate[]
  /** Names of the components it touches as a whole. */
  readonly components: readonly PageComponent[]
  /** Anything that may tell whose page it is. */
  readonly page: string
}

export interface IncidentUpdate {
  readonly status: string
  readonly body: string
  /** When it was to be seen, as the page shows it. */
  readonly atMs: number
  /** When it was written. */
  readonly writtenMs: number
  /** Whether its words were changed later. */
  readonly edited: boolean
  readonly changes: readonly (PageComponent & { readonly before: ComponentStatus | undefined })[]
}

export interface PageComponent {
  readonly id: string
  readonly name: string
  readonly status: ComponentStatus | undefined
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads `api/v2/incidents/ID.json`, an element of `incidents.json`, or such a list with one incident (or the one that
 * `wanted` names). Anything else is told as a problem.
 */
export function readIncident(text: string, wanted?: string): Incident | readonly ImportProblem[] {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const says = error instanceof Error ? error.message : ''
    return [
      {
        message: `This is no JSON: ${oneLine(says, 120)}.`,
        hint: 'Save api/v2/incidents/ID.json of the status page as it is.',
      },
    ]
  }
  const found = candidates(json)
  const [first, ...more] = wanted === undefined ? found : found.filter(({ id }) => id === wanted)
  if (!first || more.length > 0) return whichOne(found, wanted)
  const updates = list(first['incident_updates']).flatMap(readUpdate)
  if (updates.length === 0)
    return [
      {
        message: 'The incident has no updates with a time.',
        hint: 'It needs incident_updates, each with a status and created_at.',
      },
    ]
  const page = fields(json)['page'] ?? {}
  return {
    id: word(first['id']),
    name: oneLine(word(first['name']), 120) || 'An incident',
    impact: impacts.find(impact => impact === first['impact']),
    link: word(first['shortlink']) || undefined,
    startedMs: timeOf(first['started_at']),
    // Newest first on the page; those of one instant in the order they were written.
    updates: updates.sort((a, b) => a.atMs - b.atMs || a.writtenMs - b.writtenMs),
    components: list(first['components']).map(readComponent),
    page: JSON.stringify([page, first['shortlink'], first['name'], first['components'], first['incident_updates']]),
  }
}

const impacts = ['none', 'minor', 'major', 'critical'] as const
const states = ['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'] as const

function candidates(json: unknown): readonly Fields[] {
  const top = fields(json)
  const nested = [top['incident'], top['incidents'], json].find(value => value !== undefined)
  return (Array.isArray(nested) ? nested : [nested]).map(fields).filter(value => 'incident_updates' in value)
}

function whichOne(found: readonly Fields[], wanted: string | undefined): readonly ImportProblem[] {
  if (found.length === 0)
    return [
      {
        message: 'There is no incident in this JSON.',
        hint: 'Expected what api/v2/incidents/ID.json of a Statuspage answers: an incident with incident_updates.',
      },
    ]
  const known = found.slice(0, 8).map(one => `${word(one['id'])} (${oneLine(word(one['name']), 50)})`)
  return [
    {
      message:
        wanted === undefined
          ? `There are ${found.length} incidents in this JSON.`
          : `There is no incident "${wanted}".`,
      hint: `Choose one with --incident ID: ${known.join(', ')}.`,
    },
  ]
}

function readUpdate(value: unknown): readonly IncidentUpdate[] {
  const update = fields(value)
  const writtenMs = timeOf(update['created_at'])
  const atMs = timeOf(update['display_at']) ?? writtenMs
  if (atMs === undefined) return []
  const changedMs = timeOf(update['updated_at'])
  return [
    {
      status: word(update['status']),
      body: oneLine(word(update['body']).replace(/<[^>]*>/g, ' '), 2000),
      atMs,
      writtenMs: writtenMs ?? atMs,
      // Minutes later: seconds are the page's own doing.
      edited: changedMs !== undefined && changedMs - (writtenMs ?? atMs) > 120_000,
      changes: list(update['affected_components']).map(component => ({
        ...readComponent(component),
        before: stateOf(fields(component)['old_status']),
      })),
    },
  ]
}

function readComponent(value: unknown): PageComponent {
  const component = fields(value)
  return {
    id: word(component['code']) || word(component['id']),
    name: oneLine(word(component['name']), 80),
    status: stateOf(component['new_status'] ?? component['status']),
  }
}

function stateOf(value: unknown): ComponentStatus | undefined {
  return states.find(state => state === value)
}

function timeOf(value: unknown): number | undefined {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined
  return moment?.kind === 'iso' || moment?.kind === 'iso-without-zone' ? moment.ms : undefined
}

function fields(value: unknown): Fields {
  // Only ever read by key, and every value is checked.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
