import { clientEnv } from '../clients/env.ts'
import { nativeNow } from '../clock/native.ts'
import { RealClock } from '../clock/real.ts'
import { activateTap, fetchOfRun, nativeFetch } from '../engines/active-tap.ts'
import { doorFetch } from '../engines/loopback/door-fetch.ts'
import { redact, withoutPlace } from '../journal/redact.ts'
import { UsageError } from '../lib/errors.ts'
import type { Accepted } from '../model/accepted.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan } from '../model/timeline.ts'
import type { Thresholds } from '../oracles/judge-all.ts'
import { providersFor } from '../providers/for-run.ts'
import { type AnswersOption, answersOf } from '../run/answers.ts'
import { type Additions, catalogueWith } from '../run/catalogue.ts'
import { Injections } from '../run/injections.ts'
import { Instances } from '../run/instances.ts'
import { judgePlayed } from '../run/judge-played.ts'
import { refuseUnknownOracles } from '../run/known-oracles.ts'
import type { RunResult } from '../run/result.ts'
import { complete, type End } from '../run/script.ts'
import { Stage } from '../run/stage.ts'
import { changedSince, refuseSecondRun, snapshot, takeOver } from '../run/take-over.ts'
import { version } from '../run/version.ts'
import type { Positions } from '../scenario/index.ts'
import { planWorkload } from '../workload/workload.ts'
import { allDoors, ownUrls, reached } from './addresses.ts'
import { Agenda } from './agenda.ts'
import { clientOf } from './client-of.ts'
import { itemsOf } from './items.ts'
import { JournalFile } from './journal-file.ts'
import { LiveCounts } from './live-counts.ts'
import { LiveTimeline } from './live-timeline.ts'
import type { DrillParts } from './parts.ts'
import { playOut } from './play-out.ts'
import { environmentFor } from './program/environment.ts'
import type { Program } from './program/program.ts'
import { DrillSession } from './session.ts'
import { refuseUndrillable } from './undrillable.ts'
import { loopbackWire, type Wire } from './wire.ts'

export interface DrillOptions extends Additions {
  readonly scenario: Scenario
  readonly scenarioText: string
  readonly file?: string | undefined
  readonly positions?: Positions | undefined
  /** The app in this process, or what drives the program. */
  readonly integration?: Integration | undefined
  readonly program?: ProgramSpec | undefined
  /** How many times faster than real time the scenario goes. */
  readonly speed: number
  readonly seed?: number | undefined
  readonly users?: number | undefined
  readonly instances?: number | undefined
  readonly answers?: AnswersOption | undefined
  readonly thresholds?: Thresholds | undefined
  /** Findings that are known. */
  readonly accepted?: readonly Accepted[] | undefined
  /** Address and first port to listen on. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** Where the journal is kept as it is written. */
  readonly journal?: string | undefined
  /** What stands in that file in place of a line. */
  readonly mask?: ((line: string) => string) | undefined
  /** Something that people should know now. */
  onNotice?: ((says: string) => void) | undefined
}

export interface ProgramSpec {
  readonly argv: readonly string[]
  readonly cwd: string
  /** Waits until it can be asked. */
  ready(program: Program): Promise<void>
  onOutput(line: string): void
  /** Whether the program has said that its own timers go at the drill's speed. */
  isHurried?(): boolean
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** An open drill: where its providers are, and how it is steered. */
export interface OpenDrill {
  readonly session: DrillSession
  readonly wire: Wire
  /** What an app needs in its environment to reach it. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Opens the ports, and begins the drill: the app is started, and goes through the scenario in real time. What it comes to
 * is the session's `result`. Rejects with a `UsageError` for what cannot be drilled; then nothing is left open.
 */
export async function openDrill(options: DrillOptions): Promise<OpenDrill> {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to start: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it.')
  refuseSecondRun()
  const catalogue = catalogueWith(options)
  refuseUnknownOracles(options, catalogue.oracles)
  refuseUndrillable(options)
  const { scenario, speed } = options
  const seed = options.seed ?? scenario.seed ?? 1
  const planned = compilePlan(scenario, catalogue.faults)
  const tracks = [...planned.tracks]
  const plan = { ...planned, tracks }
  const providers = providersFor(scenario)
  const clock = new RealClock(speed)
  const journal = new JournalFile(options.journal, options.mask)
  const pace = { speed, wall: () => clock.wall() }
  const stage = new Stage({
    ...{ plan, seed, providers, clock, journal, pace },
    answers: answersOf({ own: options.answers, scenario, file: options.file, catalogue }),
  })
  const say = (says: string) => {
    if (stage.notices.has(says)) return
    stage.notices.add(says)
    options.onNotice?.(says)
  }
  let wire: Wire
  try {
    wire = await loopbackWire({
      ...{ responder: stage.responder, clock: stage.network.inbound, doors: allDoors(providers, scenario) },
      ...(options.host !== undefined && { host: options.host, canaryOnly: options.host !== '127.0.0.1' }),
      ...(options.port !== undefined && { port: options.port }),
      plan: () => stage.plan,
      t: () => stage.t(),
      isOffline: () => stage.network.isDown,
      onRefused: host => {
        stage.hostRefused(host)
        say(`${host} is no surface of this drill: it was refused.`)
      },
      onStranger: line => say(`Nothing of this drill is at ${line}.`),
    })
  } catch (error) {
    stage[Symbol.dispose]()
    journal[Symbol.dispose]()
    throw error
  }
  const counts = new LiveCounts()
  journal.subscribe(event => counts.take(event))
  const timeline = new LiveTimeline(planned)
  const users = options.integration ? usersOf(options, plan) : undefined
  const halted = Promise.withResolvers<End>()
  let targets: Parameters<typeof itemsOf>[0]['targets'] extends () => infer T ? T : never
  const agenda = new Agenda(
    itemsOf({
      ...{ stage, written: planned },
      targets: () => targets,
      apply: () => void wire.apply().catch((error: unknown) => say(`A port did not change as it should: ${error}`)),
      isSkipped: s => timeline.isSkipped(s),
    }),
    { clock, t: () => stage.t(), live: s => timeline.live(s) },
  )
  const parts: DrillParts = {
    ...{ stage, journal, counts, timeline, agenda, wire, catalogue, halted },
    injections: new Injections(stage, tracks, catalogue),
    thresholds: options.thresholds,
    positions: options.positions,
    file: options.file,
    client: clientName(options),
    users: users ? users.users * users.instances : 0,
    ownTracks: planned.tracks.length,
    untimed: () => untimedAt(speed, options.program?.isHurried?.() === true),
  }
  const env = { ...environmentFor(wire.baseUrls, providers, { strayProxyUrl: wire.sharedUrl }), ...ownUrls(wire) }
  const programs = new Set<Program>()
  const integration = clientOf(options, { programs, env, halted, stage })
  const result = goThrough()
  const session = new DrillSession(parts, result)
  return { session, wire, env }

  async function goThrough(): Promise<RunResult> {
    // The session that people steer is there before anything happens.
    await Promise.resolve()
    const wallStart = nativeNow()
    const before = snapshot()
    const instanceCount = users?.instances ?? 1
    let end: End = complete
    {
      using _globals = takeOver({
        env: clientEnv(providers.map(provider => reached(provider, wire.baseUrls))),
        fetch: fetchOfRun(tap()),
        chance: () => stage.chance(),
        note: (kind, says) => stage.note(kind, says),
      })
      using _tap = activateTap(tap())
      using instances = new Instances({ stage, integrations: [integration], env })
      journal.write({
        ...{ type: 'run-started', t: -plan.warmUpMs, version: 1, blackstart: version, seed },
        ...{ scenario: options.scenarioText, scenarioId: scenario.id, engine: wire.engine, client: parts.client },
        versions: { node: process.versions.node },
        workload: { ...users, ...(speed !== 1 && { speed }) },
      })
      end = await playOut({
        ...{ stage, instances, integration, halted, instancesAtFirst: instanceCount },
        workload: users,
        onUp: traffic => {
          targets = { instances, traffic }
          session.begun()
          agenda.proceed()
        },
        warmUpAttempts: () => counts.warmUp,
      })
      agenda[Symbol.dispose]()
      stage.close()
      await wire.heal()
      // Who asked for the end waits for it: then the app is ended, not asked to stop.
      if (end.reason !== 'interrupted' && end.reason !== 'start-failed') await instances.stop()
    }
    const left: string[] = []
    for (const program of programs) await program.kill().catch((error: Error) => left.push(error.message))
    stage.end(end.reason === 'cut' ? 'cut' : end.reason)
    await wire[Symbol.asyncDispose]()
    left.push(...(await wire.leftovers()))
    const realIo = clock.sawRealWork
    stage[Symbol.dispose]()
    journal[Symbol.dispose]()
    parts.injections.markTouched()
    return {
      ...judgePlayed({
        ...{ catalogue, thresholds: options.thresholds, client: parts.client, users: parts.users, seed, realIo },
        ...{ file: options.file, positions: options.positions, engine: wire.engine },
        plan: parts.injections.plan(),
        world: stage.world,
        events: journal.events,
        ended: end.reason,
        problem: end.problem,
        stopped: end.stopped,
        cut: end.cut,
        applied: wire.applied,
        untimed: parts.untimed(),
        accepted: options.accepted,
        notRestored: [...left, ...changedSince(before)],
        wallMs: nativeNow() - wallStart,
        notices: [...stage.notices],
      }),
    }
  }

  function tap() {
    return doorFetch({
      ...{ server: wire.server, responder: stage.responder, providers, native: nativeFetch },
      onRefused: host => stage.hostRefused(host),
    })
  }
}

function usersOf({ users, instances }: DrillOptions, plan: ReturnType<typeof compilePlan>) {
  return planWorkload(plan, { ...(users !== undefined && { users }), ...(instances !== undefined && { instances }) })
}

function clientName({ integration, program }: DrillOptions): string {
  return integration?.name ?? (program && withoutPlace(redact(program.argv.join(' ')))) ?? 'none'
}

/** Why what measures time says nothing, in a sentence. */
function untimedAt(speed: number, isHurried: boolean): string | undefined {
  if (speed === 1 || isHurried) return undefined
  return `not judged at this speed: the scenario goes ${speed} times as fast, and the app's own timers do not`
}
