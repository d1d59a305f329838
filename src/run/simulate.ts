import { clientEnv } from '../clients/env.ts'
import { nativeNow } from '../clock/native.ts'
import type { VirtualClock } from '../clock/virtual.ts'
import { activateTap, fetchOfRun, nativeFetch } from '../engines/active-tap.ts'
import { createTap } from '../engines/fetch-tap.ts'
import { openSocketNet } from '../engines/socket-net.ts'
import type { Upstream } from '../engines/upstream.ts'
import type { JournalEvent, RunEnded } from '../journal/event.ts'
import type { Integration } from '../model/integration.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'
import type { Workload } from '../workload/workload.ts'
import type { Budget } from './budget.ts'
import { Instances } from './instances.ts'
import { complete, type End, script } from './script.ts'
import { type Conditions, type Stage, virtualStage } from './stage.ts'
import { changedSince, refuseSecondRun, snapshot, takeOver } from './take-over.ts'
import { version } from './version.ts'

export interface SimulateOptions {
  readonly plan: Plan
  readonly scenarioText: string
  readonly seed: number
  readonly integration: Integration
  /**
   * The same client with modules of its own, for each life after the first: a restarted process has nothing of what its
   * predecessor kept in memory. Later lives share the last; without any, all share the first.
   */
  readonly nextLives?: readonly Integration[] | undefined
  readonly workload: Workload
  readonly providers: readonly Provider[]
  /** Answers of the user's own, tried in this order. */
  readonly answers?: readonly AnswerEntry[]
  /** Where answers come from that none of those is for. */
  readonly upstream?: Upstream | undefined
  /** What ends the run before its time; nothing when absent. */
  readonly budget?: Budget | undefined
  readonly conditions?: Conditions | undefined
  readonly signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface Progress {
  /** Ms since t = 0. */
  readonly t: number
  readonly phase: string
  /** When the healed stretch ends, ms. */
  readonly endMs: number
  readonly tasks: number
  readonly attempts: number
}

export interface Simulation {
  readonly events: readonly JournalEvent[]
  readonly world: World
  readonly ended: RunEnded['reason']
  readonly realIo: boolean
  readonly simulatedMs: number
  readonly wallMs: number
  /** Globals that were not put back. */
  readonly notRestored: readonly string[]
  readonly notices: readonly string[]
  /** Why nothing was injected. */
  readonly problem: string | undefined
  /** The stop condition that ended it. */
  readonly stopped: string | undefined
  /** Why it was ended before its time; then nothing is known of what comes after. */
  readonly cut: string | undefined
}

/**
 * Runs the client through the plan on virtual time, in process. Leaves every global as it was, whatever happens. Rejects
 * with a `UsageError` while another run is under way in this thread.
 */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  refuseSecondRun()
  const wallStart = nativeNow()
  const before = snapshot()
  const stage = virtualStage(options)
  let end: End = complete
  try {
    end = await onStage(stage, options)
  } finally {
    stage[Symbol.dispose]()
  }
  const { events } = stage.journal
  return {
    events,
    world: stage.world,
    ended: end.reason,
    realIo: stage.clock.sawRealWork,
    simulatedMs: (events.at(-1)?.t ?? 0) - (events[0]?.t ?? 0),
    wallMs: nativeNow() - wallStart,
    notRestored: changedSince(before),
    notices: [...stage.notices],
    problem: end.problem,
    stopped: end.stopped,
    cut: end.cut,
  }
}

/** The run between taking the globals over and giving them back. */
async function onStage(stage: Stage<VirtualClock>, options: SimulateOptions): Promise<End> {
  const { integration, nextLives = [], providers } = options
  const { clock, responder, journal } = stage
  const env = clientEnv(providers)
  const onRefused = (host: string, by?: 'http2') => stage.hostRefused(host, by)
  const { inbound } = stage.network
  const tap = createTap({ responder, clock, inbound, native: nativeFetch, onRefused })
  using _globals = takeOver({
    env,
    fetch: fetchOfRun(tap),
    chance: () => stage.chance(),
    note: (kind, says) => stage.note(kind, says),
  })
  using net = openSocketNet({ responder, clock, inbound, onRefused })
  using _tap = activateTap(tap)
  using instances = new Instances({ stage, integrations: [integration, ...nextLives], env: env.set })

  journal.write(runStarted(options))
  const play = script(stage, instances, options)
  const drove = await clock.drive(play, options.signal)
  let end: End
  if (drove === 'done') end = await play
  else if (typeof drove === 'string') end = { reason: drove }
  else {
    stage.note('livelock', `Timers fire without end and nothing moves; they are set at ${drove.where}.`)
    end = { reason: 'livelock' }
  }
  stage.close()
  // Who asked for the end waits for it: only then is the app not asked to stop.
  if (drove !== 'interrupted') await clock.drive(instances.stop(), options.signal)
  stage.end(end.reason)
  // What the end brings about (rejections, timers of closed sockets) shall find the run's world, not the one around it.
  net[Symbol.dispose]()
  await clock.drive(clock.sleep(settlingMs))
  return end
}

/** Longer than HTTP clients keep an idle connection. */
const settlingMs = 10_000

function runStarted({ plan, scenarioText, seed, integration, workload }: SimulateOptions): JournalEvent {
  return {
    type: 'run-started',
    t: -plan.warmUpMs,
    version: 1,
    blackstart: version,
    scenario: scenarioText,
    scenarioId: plan.scenario.id,
    seed,
    engine: 'msw',
    client: integration.name,
    versions: { node: process.versions.node },
    workload: { ...workload },
  }
}
