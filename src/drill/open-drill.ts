import { urlOf } from '../engines/loopback/where-to.ts'
import type { JournalEvent } from '../journal/event.ts'
import { UsageError } from '../lib/errors.ts'
import { catalogueWith } from '../run/catalogue.ts'
import { Injections } from '../run/injections.ts'
import { refuseUnknownOracles } from '../run/known-oracles.ts'
import { enterPast } from '../run/past-world.ts'
import type { End } from '../run/script.ts'
import { refuseSecondRun } from '../run/take-over.ts'
import { planWorkload, type Workload } from '../workload/workload.ts'
import { ownAddresses } from './addresses.ts'
import { Agenda } from './agenda.ts'
import { integrationOfApp } from './app/integration-of-app.ts'
import { clientName } from './client-of.ts'
import { goThrough } from './go-through.ts'
import { type Ground, layGround, leaveGround } from './ground.ts'
import { itemsOf } from './items.ts'
import { LiveCounts } from './live-counts.ts'
import { LiveTimeline } from './live-timeline.ts'
import type { DrillOptions } from './options.ts'
import type { DrillParts } from './parts.ts'
import { environmentFor } from './program/environment.ts'
import { checkCommand } from './program/find-command.ts'
import { eventsBefore } from './resume/go-on.ts'
import { replay } from './resume/replay.ts'
import { refuseOtherClient, underJournal } from './resume/under-journal.ts'
import { DrillSession } from './session.ts'
import { refuseUndrillable } from './undrillable.ts'
import type { Wire } from './wire.ts'

export type { DrillOptions, ProgramSpec } from './options.ts'

/** An open drill: where its providers are, and how it is steered. */
export interface OpenDrill {
  readonly session: DrillSession
  readonly wire: Wire
  /** What an app needs in its environment to reach it. */
  readonly env: Readonly<Record<string, string>>
  /** How many events of the journal an earlier process has written: what they tell has been told. */
  readonly before: number
}

/**
 * Opens the ports, and begins the drill: the app is started, and goes through the scenario in real time. What it comes to
 * is the session's `result`. Rejects with a `UsageError` for what cannot be drilled; then nothing is left open.
 */
export async function openDrill(given: DrillOptions): Promise<OpenDrill> {
  const options = underJournal(given)
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to start: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it.')
  refuseSecondRun()
  refuseUnknownOracles(options, catalogueWith(options).oracles)
  refuseUndrillable(options)
  const ground = await layGround(options)
  try {
    return begin(ground, options)
  } catch (error) {
    await leaveGround(ground)
    throw error
  }
}

/** Throws a `UsageError` for an environment that cannot be filled in, and for a program that cannot be started. */
function begin(ground: Ground, given: DrillOptions): OpenDrill {
  const { wire, providers, timers, trust } = ground
  const env = environmentFor(wire.baseUrls, providers, {
    strayProxyUrl: wire.sharedUrl,
    ...(timers.optIn && { clock: timers.optIn }),
    own: { ...ownAddresses(wire), ...trust?.env, ...given.program?.env?.(placesOf(wire)) },
  })
  if (given.program) checkCommand(given.program.argv, { cwd: given.program.cwd, env })
  const { perform } = given.app ?? {}
  const integration = given.integration ?? (perform && integrationOfApp({ ...given.app, perform }, { env }))
  const options = { ...given, integration }
  refuseOtherClient(options)
  const parts = partsOf(ground, options)
  const result = goThrough({ ground, parts, options, env })
  return { session: new DrillSession(parts, result), wire, env, before: parts.before }
}

/** By what an app's own variables may name them: `anthropic` (its base URL), `cache` (a TCP service, host and port). */
function placesOf(wire: Wire): Readonly<Record<string, string>> {
  const services = Object.entries(wire.services).map(([name, at]) => [name.replace(/^http\./, ''), at])
  const own = wire.doors.filter(({ provider }) => provider === 'http').map(door => [door.surface, urlOf(door)])
  return { ...wire.baseUrls, ...Object.fromEntries([...services, ...own]) }
}

function partsOf(ground: Ground, options: DrillOptions): DrillParts {
  const { stage, journal, written, tracks, wire, catalogue, timers, say } = ground
  const counts = new LiveCounts()
  const before = eventsBefore(options.resume)
  for (const event of before) counts.take(event)
  journal.subscribe(event => counts.take(event))
  const timeline = new LiveTimeline(written)
  const workload = options.integration ? workloadOf(options, ground) : undefined
  const up: DrillParts['up'] = {}
  const apply = () =>
    void wire.apply().catch((error: Error) => say(`A port did not change as it should: ${error.message}`))
  const agenda = new Agenda(
    itemsOf({
      ...{ stage, written },
      targets: () => up.targets,
      apply,
      isSkipped: s => timeline.isSkipped(s),
      tellsInjects: options.tellsInjects,
    }),
    { clock: stage.clock, t: () => stage.t(), live: s => timeline.live(s) },
  )
  const parts: DrillParts = {
    before: before.length,
    ...{ stage, journal, counts, timeline, agenda, wire, catalogue, workload, up, apply },
    halted: Promise.withResolvers<End>(),
    injections: new Injections(stage, tracks, catalogue),
    thresholds: options.thresholds,
    positions: options.positions,
    file: options.file,
    client: clientName(options),
    users: workload ? workload.users * workload.instances : 0,
    ownTracks: written.tracks.length,
    untimed: () => untimedAt(options.speed, timers.areHurried),
  }
  if (before.length > 0) restore(parts, before)
  return parts
}

/** Brings everything to where an earlier process had it. */
function restore(parts: DrillParts, before: readonly JournalEvent[]): void {
  replay(parts, before)
  enterPast(parts.stage.world, before, parts.injections.plan())
  parts.agenda.leaveOutDone(before)
}

function workloadOf({ users, instances }: DrillOptions, { stage }: Ground): Workload {
  return planWorkload(stage.plan, {
    ...(users !== undefined && { users }),
    ...(instances !== undefined && { instances }),
  })
}

/** Why what measures time says nothing, in a sentence. */
function untimedAt(speed: number, areHurried: boolean): string | undefined {
  if (speed === 1 || areHurried) return undefined
  return `not judged at this speed: the scenario goes ${speed} times as fast, and the app's own timers do not`
}
