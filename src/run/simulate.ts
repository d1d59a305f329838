import { clientEnv } from '../clients/env.ts'
import { nativeNow } from '../clock/native.ts'
import { activateTap, nativeFetch } from '../engines/active-tap.ts'
import { createTap } from '../engines/fetch-tap.ts'
import { openSocketNet } from '../engines/socket-net.ts'
import type { JournalEvent, RunEnded } from '../journal/event.ts'
import type { Integration } from '../model/integration.ts'
import { instantMs, type Plan, phaseNameAt } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'
import type { Workload } from '../workload/workload.ts'
import { describeError } from './describe-error.ts'
import { Instances } from './instances.ts'
import { Stage } from './stage.ts'
import { changedSince, refuseSecondRun, snapshot, takeOver } from './take-over.ts'
import { Users, type WarmUp } from './users.ts'
import { version } from './version.ts'

export interface SimulateOptions {
  readonly plan: Plan
  readonly scenarioText: string
  readonly seed: number
  readonly integration: Integration
  readonly workload: Workload
  readonly providers: readonly Provider[]
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
}

/** Tasks still open this long after the healed stretch are given up. */
const patienceMs = 15 * 60_000

/**
 * Runs the client through the plan on virtual time, in process. Leaves every global as it was, whatever happens. Rejects
 * with a `UsageError` while another run is under way in this thread.
 */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  refuseSecondRun()
  const wallStart = nativeNow()
  const before = snapshot()
  const stage = new Stage(options)
  let end = complete
  try {
    end = await onStage(stage, options)
  } finally {
    stage[Symbol.dispose]()
  }
  return {
    events: stage.journal.events,
    world: stage.world,
    ended: end.reason,
    realIo: stage.clock.sawRealWork,
    simulatedMs: (stage.journal.events.at(-1)?.t ?? 0) + options.plan.warmUpMs,
    wallMs: nativeNow() - wallStart,
    notRestored: changedSince(before),
    notices: [...stage.notices],
    problem: end.problem,
  }
}

interface End {
  readonly reason: RunEnded['reason']
  readonly problem: string | undefined
}

const complete: End = { reason: 'complete', problem: undefined }

/** The run between taking the globals over and giving them back. */
async function onStage(stage: Stage, options: SimulateOptions): Promise<End> {
  const { integration, providers } = options
  const { clock, responder, journal } = stage
  const env = clientEnv(providers)
  const onRefused = (host: string) => stage.hostRefused(host)
  const tap = createTap({ responder, clock, native: nativeFetch, onRefused })
  using _globals = takeOver({
    env,
    fetch: tap,
    chance: () => stage.chance(),
    note: (kind, says) => stage.note(kind, says),
  })
  using net = openSocketNet({ responder, clock, onRefused })
  using _tap = activateTap(tap)
  using instances = new Instances(stage, integration)

  journal.write(runStarted(options))
  const play = script(stage, instances, options, env.set)
  const drove = await clock.drive(play, options.signal)
  let end: End
  if (drove === 'done') end = await play
  else if (typeof drove === 'string') end = { reason: drove, problem: undefined }
  else {
    stage.note('livelock', `Timers fire without end and nothing moves; they are set at ${drove.where}.`)
    end = { reason: 'livelock', problem: undefined }
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

/** What happens, in order: start, warm-up, phases, the healed stretch, and patience with what is still open. */
async function script(
  stage: Stage,
  instances: Instances,
  options: SimulateOptions,
  env: Readonly<Record<string, string>>,
): Promise<End> {
  const { plan, clock, journal } = stage
  try {
    await instances.start(options.workload.instances, env)
  } catch (error) {
    return { reason: 'start-failed', problem: `The client's start failed: ${describeError(error)}` }
  }
  stage.originMs = clock.now() + plan.warmUpMs
  journal.write({ type: 'phase-entered', t: stage.t(), phase: 'steady-state' })
  announcePhases(stage)
  announceStatus(stage)
  const users = new Users(stage, options.integration, options.workload)
  const everyone = users.live(instances.apps)
  // A moment before the first phase: when the warm-up fails, nothing of the outage has begun.
  await Promise.race([clock.sleep(plan.warmUpMs - 1), everyone])
  const problem = unsteady(users.warmUp, plan.scenario.steady_state?.at_least ?? steadyShare)
  if (problem !== undefined) return { reason: 'steady-state', problem }

  const endMs = plan.lengthMs + plan.tailMs
  const cancel = tellProgress(stage, users, endMs, options.onProgress)
  await Promise.race([everyone, clock.sleep(endMs + patienceMs - stage.t())])
  cancel()
  return complete
}

function announcePhases({ plan, clock, journal }: Stage): void {
  for (const phase of plan.phases)
    clock.after(plan.warmUpMs + phase.startMs, () =>
      journal.write({ type: 'phase-entered', t: phase.startMs, phase: phase.name }),
    )
  clock.after(plan.warmUpMs + plan.lengthMs, () =>
    journal.write({ type: 'phase-entered', t: plan.lengthMs, phase: 'healed' }),
  )
}

function announceStatus({ plan, clock, journal }: Stage): void {
  for (const { at, incident, components, says } of plan.scenario.status_page ?? []) {
    const t = instantMs(at, plan.phases, plan.lengthMs)
    clock.after(plan.warmUpMs + t, () =>
      journal.write({
        type: 'status-changed',
        t,
        ...(incident && { incident }),
        ...(components && { components }),
        ...(says !== undefined && { says }),
      }),
    )
  }
}

function tellProgress(
  stage: Stage,
  users: Users,
  endMs: number,
  onProgress: ((progress: Progress) => void) | undefined,
): () => void {
  if (!onProgress) return () => {}
  const everyMs = Math.max(1_000, endMs / 200)
  let cancel = () => {}
  const tell = () => {
    const t = stage.t()
    const phase = phaseNameAt(stage.plan.phases, t, stage.plan.lengthMs)
    onProgress({ t, phase, endMs, tasks: users.count, attempts: stage.responder.attemptCount })
    cancel = stage.clock.after(everyMs, tell)
  }
  tell()
  return () => cancel()
}

/** The share of tasks that must settle well in the warm-up, where the scenario does not say. */
const steadyShare = 0.95

function unsteady({ due, well, firstFailure }: WarmUp, atLeast: number): string | undefined {
  if (due === 0) return 'No task was started early enough in the healthy warm-up to show anything.'
  const share = well / due
  if (share >= atLeast) return undefined
  const percent = (value: number) => `${Math.round(value * 100)}%`
  const first = firstFailure === undefined ? '' : ` The first that did not: ${firstFailure}`
  return `Only ${well} of ${due} tasks (${percent(share)}) settled well in the healthy warm-up; ${percent(atLeast)} must.${first}`
}

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
