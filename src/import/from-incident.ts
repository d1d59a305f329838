import { formatDuration } from '../lib/duration.ts'
import type { ComponentStatus, FaultEntry, Phase, Scenario, StatusUpdate } from '../model/scenario.ts'
import type { Incident, IncidentUpdate } from './incident.ts'
import { surfaceOfComponent } from './page-surfaces.ts'
import type { ImportProblem } from './problem.ts'
import { oneLine, slug, utc, utcDay } from './words.ts'

export interface FromIncidentOptions {
  readonly provider: string
  /** Surfaces of the provider, without its name. */
  readonly surfaces: ReadonlySet<string>
  readonly id?: string
}

/** A stretch between two updates, and the state of each surface in it, as the page had it. */
interface Scene {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly update: IncidentUpdate
  readonly states: Readonly<Record<string, ComponentStatus>>
}

const tailMs = 15 * 60_000
const longestMs = 30 * 86_400_000

/**
 * A scenario after an incident's updates: a phase from each to the next, the status page as it was, and, since a page
 * tells no codes and no shares, guesses for those, each of them named.
 */
export function scenarioFromIncident(
  incident: Incident,
  options: FromIncidentOptions,
): Scenario | readonly ImportProblem[] {
  const scenes = scenesOf(incident, options)
  const tooLong = scenes.find(({ startMs, endMs }) => endMs - startMs > longestMs)
  if (tooLong)
    return [
      {
        message: `Nothing was posted for ${formatDuration(tooLong.endMs - tooLong.startMs)} after ${utc(tooLong.startMs)}; a phase has 30 days at most.`,
        hint: 'Take the later updates out of the JSON.',
      },
    ]
  const guess = guesser(incident, scenes)
  const told = scenes.map(scene => phaseOf(scene, guess))
  const phases = told.at(-1)?.faults ? [...told, { name: 'clear', for: tailMs }] : told
  const [first] = scenes
  const day = utcDay(first?.startMs ?? 0)
  const fails = phases.some(({ faults }) => faults !== undefined)
  if (!fails)
    return [
      {
        message:
          'By this incident nothing ever failed: no component is worse than operational, and the impact is none.',
        hint: 'Add the state of a component to an update, or write the scenario by hand.',
      },
    ]
  const api = phases.some(({ faults = [] }) =>
    faults.some(({ surface }) => surface.some(name => name.startsWith('api'))),
  )
  return {
    blackstart: 1,
    id: options.id ?? slug(`${options.provider} ${day} ${incident.name}`, 60),
    title: `${incident.name}, ${day}, after its status page`,
    provider: options.provider,
    tags: ['imported', 'status-page'],
    basis: {
      ...(incident.id && { precedent: oneLine(incident.id, 80) }),
      ...(incident.link && { sources: [incident.link] }),
      facts: factsOf(incident, scenes),
      assumed: assumptions(incident, guess, scenes, options),
    },
    phases,
    status_page: scenes.map(scene => statusUpdate(scene, incident, options)),
    expect: [
      { oracle: 'settles', params: { within: 60_000 } },
      ...(api ? [{ oracle: 'recovers', params: { surface: ['api'], within: 120_000 } }] : []),
    ],
  }
}

function scenesOf(incident: Incident, { surfaces }: FromIncidentOptions): readonly Scene[] {
  // A postmortem is posted days later and changes nothing.
  const told = incident.updates.filter(({ status }) => status !== 'postmortem')
  const updates = told.length > 0 ? told : incident.updates
  const used = new Map<string, number>()
  const states: Record<string, ComponentStatus> = {}
  return updates.map((update, i): Scene => {
    for (const change of update.changes) {
      const surface = surfaceOfComponent(change, surfaces)
      if (surface !== undefined && change.status !== undefined) states[surface] = change.status
    }
    const base = slug(update.status) || 'update'
    const n = (used.get(base) ?? 0) + 1
    used.set(base, n)
    const next = updates[i + 1]
    return {
      name: n === 1 ? base : `${base}-${n}`,
      startMs: update.atMs,
      endMs: next ? Math.max(next.atMs, update.atMs + 1000) : update.atMs + tailMs,
      update,
      states: { ...states },
    }
  })
}

interface Guess {
  /** Whether the page told the state of any component that is a surface. */
  readonly byComponents: boolean
  readonly surfaces: readonly string[]
  /** Share that fails when the page names no component. */
  readonly share: number
}

const shareByImpact = { none: 0, minor: 0.1, major: 0.4, critical: 0.9 } as const
const shareByState: Readonly<Record<ComponentStatus, number>> = {
  operational: 0,
  under_maintenance: 0,
  degraded_performance: 0.1,
  partial_outage: 0.4,
  major_outage: 0.9,
}

function guesser({ impact }: Incident, scenes: readonly Scene[]): Guess {
  const isTold = scenes.some(({ states }) => Object.values(states).some(state => shareByState[state] > 0))
  return { byComponents: isTold, surfaces: ['api'], share: shareByImpact[impact ?? 'major'] }
}

function phaseOf(scene: Scene, guess: Guess): Phase {
  const faults = guess.byComponents ? byState(scene) : byImpact(scene, guess)
  return {
    name: scene.name,
    for: scene.endMs - scene.startMs,
    note: `${utc(scene.startMs)}, ${scene.update.status || 'an update'} (the status page)${faults.length > 0 ? '; what fails is guessed' : ''}.`,
    ...(faults.length > 0 && { faults }),
  }
}

function byState({ states }: Scene): readonly FaultEntry[] {
  const groups = new Map<number, string[]>()
  for (const [surface, state] of Object.entries(states)) {
    const share = shareByState[state]
    if (share > 0) groups.set(share, [...(groups.get(share) ?? []), surface])
  }
  return [...groups].sort(([a], [b]) => b - a).map(([share, surface]) => failing(surface, share))
}

/** Without components the impact says how bad it was until it was said to be fixed. */
function byImpact({ update }: Scene, { surfaces, share }: Guess): readonly FaultEntry[] {
  const isOver = ['monitoring', 'resolved', 'postmortem', 'completed'].includes(update.status)
  return isOver || share === 0 ? [] : [failing(surfaces, share)]
}

function failing(surface: readonly string[], share: number): FaultEntry {
  return { surface, fault: { id: 'unavailable', params: {} }, share }
}

const incidentStates = ['investigating', 'identified', 'monitoring', 'resolved', 'postmortem'] as const

function statusUpdate({ name, update }: Scene, { impact }: Incident, { surfaces }: FromIncidentOptions): StatusUpdate {
  const incident = incidentStates.find(state => state === update.status)
  const components = Object.fromEntries(
    update.changes.flatMap(change => {
      const surface = surfaceOfComponent(change, surfaces)
      return surface !== undefined && change.status !== undefined ? [[surface, change.status] as const] : []
    }),
  )
  return {
    at: { phase: name, offset: 0 },
    ...(incident && { incident }),
    ...(Object.keys(components).length > 0 && { components }),
    ...(update.body !== '' && { says: update.body }),
    ...(impact && { impact }),
  }
}

function factsOf(incident: Incident, scenes: readonly Scene[]): readonly string[] {
  const facts = scenes.map(({ startMs, update }) => {
    const changes = update.changes.flatMap(({ name, status }) =>
      name && status ? [`${name} ${status.replaceAll('_', ' ')}`] : [],
    )
    return `${[utc(startMs), update.status || 'an update', ...changes].join(', ')} (the status page)`
  })
  const backdated = scenes.filter(({ update }) => Math.abs(update.writtenMs - update.atMs) > 60_000)
  const edited = scenes.filter(({ update }) => update.edited)
  const impact = incident.impact === undefined ? [] : [`labelled as of impact ${incident.impact} (the status page)`]
  return [
    ...facts,
    ...impact,
    ...backdated.map(
      ({ update }) => `shown as of ${utc(update.atMs)}, written at ${utc(update.writtenMs)} (the status page)`,
    ),
    ...edited.map(({ update }) => `the words of ${utc(update.atMs)} were changed later (the status page)`),
  ]
}

function assumptions(
  incident: Incident,
  guess: Guess,
  scenes: readonly Scene[],
  { surfaces }: FromIncidentOptions,
): readonly string[] {
  const named = [...scenes.flatMap(({ update }) => update.changes), ...incident.components]
  const unknown = [
    ...new Set(named.filter(one => surfaceOfComponent(one, surfaces) === undefined).map(({ name, id }) => name || id)),
  ].filter(Boolean)
  const how = guess.byComponents
    ? ['90% of the requests failing at a major outage, 40% at a partial one, 10% when degraded, none when operational']
    : [
        `${guess.share * 100}% of the API's requests failing until it was said to be fixed, by the impact ${incident.impact ?? 'which is not told'}`,
        'that the API is what failed, as no component is told that is known here',
      ]
  return [
    '503 as the code of every failure',
    ...how,
    'that what failed began and ended with the updates; a page is often late at both ends',
    ...(incident.updates.at(-1)?.status === 'resolved' ? [] : ['the healthy time after the last update']),
    ...unknown.map(name => `left out - the component ${name}, which is no surface here`),
    ...(incident.startedMs !== undefined && (scenes[0]?.startMs ?? 0) - incident.startedMs > 60_000
      ? [`left out - the time from ${utc(incident.startedMs)}, its official start, to the first update`]
      : []),
  ]
}
