import { nativeNow } from '../clock/native.ts'
import { unsupportedByMsw } from '../engines/msw-support.ts'
import { UsageError } from '../lib/errors.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan, type Plan } from '../model/timeline.ts'
import type { Thresholds } from '../oracles/judge-all.ts'
import type { Addresses } from '../providers/addressed.ts'
import { providersFor } from '../providers/for-run.ts'
import { announcePhases, announceStatus } from '../run/announce.ts'
import { type AnswersOption, answersOf } from '../run/answers.ts'
import { type Additions, catalogueWith, type FullCatalogue } from '../run/catalogue.ts'
import { Injections } from '../run/injections.ts'
import { Instances } from '../run/instances.ts'
import { refuseUnknownOracles } from '../run/known-oracles.ts'
import { refusal, sayingAll } from '../run/refusal.ts'
import { virtualStage } from '../run/stage.ts'
import { refuseSecondRun, snapshot } from '../run/take-over.ts'
import { unsupportedByClient } from '../run/unsupported-by-client.ts'
import { version } from '../run/version.ts'
import { outOfRun, printScenario } from '../scenario/index.ts'
import { planWorkload, type Workload } from '../workload/workload.ts'
import { openCrowd } from './crowd.ts'
import { OutageSession } from './session.ts'
import { type FoundScenario, findScenario, type ScenarioSpec } from './spec.ts'
import { type OpenWorld, openWorld } from './world.ts'

export interface StartOutageOptions extends Additions {
  /** An app whose users ask by themselves meanwhile; without one the test alone asks. */
  readonly client?: Integration
  /** Wins over the scenario's own; 1 when neither says. */
  readonly seed?: number
  readonly users?: number
  readonly instances?: number
  /** Answers of your own, or the path of a file that has them; tried before the scenario's. */
  readonly answers?: AnswersOption
  /** Where providers are reached, when a gateway stands in front: base URLs by provider. */
  readonly addresses?: Addresses
  /** Parameters of oracles, by id, where the scenario's `expect` says nothing. */
  readonly thresholds?: Thresholds
  /** `pass` lets requests that are for no surface go where they would go without an outage: to your own MSW server. */
  readonly others?: 'refuse' | 'pass'
  /** Closes the outage when it aborts. */
  readonly signal?: AbortSignal
}

/** A quiet hour, for tests that inject their faults themselves. */
const quietHour: Scenario = {
  blackstart: 1,
  id: 'quiet-hour',
  title: 'Nothing but what the test injects',
  provider: 'anthropic',
  phases: [{ name: 'quiet', for: 60 * 60_000 }],
}

/** Time in which nobody can do anything. */
const noWarmUpMs = 1

/**
 * Starts an outage in this process, on virtual time. It begins in the healthy time before the first phase; without a
 * scenario, at the start of a quiet hour into which faults can be injected. Rejects with a `UsageError` for an invalid
 * scenario, under somebody else's fake timers, and while another run is under way in this thread. What is started must be
 * finished or closed.
 */
export function startOutage(spec?: ScenarioSpec, options: StartOutageOptions = {}): Promise<OutageSession> {
  return sayingAll(() => begin(spec, options))
}

async function begin(spec: ScenarioSpec | undefined, options: StartOutageOptions): Promise<OutageSession> {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw refusal('Failed to start: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it.')
  options.signal?.throwIfAborted()
  refuseSecondRun()
  const catalogue = catalogueWith(options)
  const found: FoundScenario = spec === undefined ? { scenario: quietHour } : findScenario(spec, catalogue)
  refuseUnsupported(found, options.client)
  const planned = compilePlan(found.scenario, catalogue.faults)
  const tracks = [...planned.tracks]
  const plan: Plan = { ...planned, tracks, ...(spec === undefined && { warmUpMs: noWarmUpMs }) }
  return open({ ...found, plan, tracks, catalogue }, options)
}

interface Opening extends FoundScenario {
  readonly plan: Plan
  readonly tracks: Plan['tracks'][number][]
  readonly catalogue: FullCatalogue
}

async function open(opening: Opening, options: StartOutageOptions): Promise<OutageSession> {
  const { plan, scenario, tracks, catalogue, file, positions } = opening
  const { client } = options
  refuseUnknownOracles(options, catalogue.oracles)
  const wallStart = nativeNow()
  const before = snapshot()
  const seed = options.seed ?? scenario.seed ?? 1
  const { users, instances: count } = options
  const workload = planWorkload(plan, { ...(users && { users }), ...(count && { instances: count }) })
  const providers = providersFor(scenario, options.addresses)
  const answers = answersOf({ own: options.answers, scenario, file, catalogue })
  const stage = virtualStage({ plan, seed, providers, answers })
  let session: OutageSession | undefined
  let world: OpenWorld | undefined
  try {
    world = openWorld(stage, { providers, passesOthers: options.others === 'pass' })
    const instances = new Instances({ stage, integrations: [client ?? nobody], env: world.env })
    const injections = new Injections(stage, tracks, catalogue)
    session = new OutageSession({
      ...{ stage, world, instances, injections, before, wallStart, catalogue, file, positions },
      client: client?.name ?? 'test',
      users: client ? workload.users * workload.instances : 0,
      thresholds: options.thresholds,
    })
    stage.journal.write(runStarted(opening, seed, client, workload))
    if (client) await session.until(instances.start(workload.instances))
    stage.beginWarmUp()
    stage.journal.write({ type: 'phase-entered', t: stage.t(), phase: 'steady-state' })
    announcePhases(stage)
    announceStatus(stage)
    if (client) session.accompany(openCrowd({ stage, instances, integration: client, workload }))
    if (plan.warmUpMs === noWarmUpMs) await session.goto(0)
    options.signal?.addEventListener('abort', () => void session?.close(), { once: true })
    return session
  } catch (error) {
    if (session) await session.close()
    else {
      world?.[Symbol.dispose]()
      stage[Symbol.dispose]()
    }
    throw error
  }
}

const nobody: Integration = { name: 'test', perform: () => undefined }

function runStarted(
  { plan, scenario, text, catalogue }: Opening,
  seed: number,
  client: Integration | undefined,
  workload: Workload,
) {
  return {
    type: 'run-started',
    t: -plan.warmUpMs,
    version: 1,
    blackstart: version,
    scenario: text ?? printScenario(scenario, catalogue),
    scenarioId: scenario.id,
    seed,
    engine: 'msw',
    client: client?.name ?? 'test',
    versions: { node: process.versions.node },
    workload: client ? { ...workload } : {},
  } as const
}

/** Events that need the app's own processes. */
const ofProcesses = ['restart', 'crash', 'scale', 'traffic'] as const

function refuseUnsupported(
  { scenario, file = 'scenario', positions }: FoundScenario,
  client: Integration | undefined,
): void {
  const events = (scenario.events ?? []).flatMap((event, i) => {
    const name = client ? undefined : ofProcesses.find(key => key in event)
    if (name === undefined) return []
    return [{ path: `events[${i}]`, message: `There is no client to ${name}.`, hint: 'Start it with a client module.' }]
  })
  const matrix = scenario.matrix
    ? [{ path: 'matrix', message: 'A test goes through one outage, not a matrix of them.', hint: 'Use runScenario.' }]
    : []
  const problems = [
    ...unsupportedByMsw(scenario),
    ...outOfRun(scenario),
    ...events,
    ...matrix,
    ...(client ? unsupportedByClient(scenario, client) : []),
  ]
  if (problems.length === 0) return
  const lines = problems.map(({ path, message, hint }) => {
    const place = positions?.of(path)
    return `${file}:${place?.line ?? 1}:${place?.column ?? 1}: ${message} (${path}) ${hint}`
  })
  throw new UsageError(lines.join('\n'))
}
