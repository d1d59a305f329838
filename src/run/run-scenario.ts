import { nativeFetch } from '../engines/active-tap.ts'
import { unsupportedByMsw } from '../engines/msw-support.ts'
import { createUpstream, reachUpstream, type Upstream } from '../engines/upstream.ts'
import { journalHash } from '../journal/journal.ts'
import { UsageError } from '../lib/errors.ts'
import { invariant } from '../lib/invariant.ts'
import type { Integration } from '../model/integration.ts'
import { landings } from '../model/landing.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan, type Span } from '../model/timeline.ts'
import { sortFindings } from '../oracles/finding.ts'
import { judgeAll } from '../oracles/judge-all.ts'
import { type JournalView, viewJournal } from '../oracles/view.ts'
import type { Addresses } from '../providers/addressed.ts'
import { providersFor } from '../providers/for-run.ts'
import {
  formatDiagnostics,
  outOfRun,
  type Positions,
  parseScenario,
  printScenario,
  variantsOf,
} from '../scenario/index.ts'
import { planWorkload } from '../workload/workload.ts'
import { type AnswersOption, answersOf } from './answers.ts'
import { type Additions, catalogueWith, type FullCatalogue } from './catalogue.ts'
import { livesOf } from './client-events.ts'
import { fixedVariants } from './fixed-variants.ts'
import type { RunResult } from './result.ts'
import { type Progress, simulate } from './simulate.ts'
import { unsupportedByClient } from './unsupported-by-client.ts'
import { verdictOf, worstResult } from './verdict.ts'

export interface RunOptions extends Additions {
  /** A scenario, or its YAML. */
  readonly scenario: Scenario | string
  /** Its text and the places in it, when it was read from a file; the scenario printed otherwise. */
  readonly scenarioText?: string
  readonly file?: string
  readonly positions?: Positions
  /** The app under test. */
  readonly integration: Integration
  /** Wins over the scenario's own; 1 when neither says. */
  readonly seed?: number
  readonly users?: number
  readonly instances?: number
  /** Answers of your own, or the path of a file that has them; tried before the scenario's. */
  readonly answers?: AnswersOption
  /** Base URL of another mock on this machine that answers in the provider's place; faults befall what it says. */
  readonly answersFrom?: string
  /** Where providers are reached, when a gateway stands in front: base URLs by provider. */
  readonly addresses?: Addresses
  /** The same client with fresh modules, for what lives again after a `restart` or a `crash`: a new process has its own. */
  reload?(): Promise<Integration>
  /** Mean think time of a user, ms. */
  readonly thinkMs?: number
  readonly signal?: AbortSignal
  onProgress?(progress: Progress): void
}

/**
 * Runs the app through one scenario, in process and on virtual time, and judges what it did. The same scenario, seed and
 * client give the same journal, to the byte. Rejects with a `UsageError` for an invalid scenario, for one that asks what
 * the engine or the client cannot do, and when `BLACKSTART_DISABLED=1` forbids all injection. A scenario with a matrix is
 * run variant by variant, and the result is that of the worst.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to run: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it to run scenarios.')
  const catalogue = catalogueWith(options)
  const read = readOptions(options, catalogue)
  refuseUnsupported(read, options, catalogue)
  if (!read.scenario.matrix) return runOne(read, options, catalogue)
  const results: RunResult[] = []
  for (const { scenario, text } of variantsOf(read.scenario, catalogue).variants) {
    if (options.signal?.aborted) break
    results.push(await runOne({ ...read, scenario, text }, options, catalogue))
  }
  const worst = worstResult(results)
  invariant(worst, 'a matrix has a variant')
  return { ...worst, variants: results }
}

async function runOne(
  { scenario, text, positions }: ReadOptions,
  options: RunOptions,
  catalogue: FullCatalogue,
): Promise<RunResult> {
  const plan = compilePlan(scenario, catalogue.faults)
  const { users, instances, thinkMs } = options
  const workload = planWorkload(plan, {
    ...(users !== undefined && { users }),
    ...(instances !== undefined && { instances }),
    ...(thinkMs !== undefined && { thinkMs }),
  })
  const seed = options.seed ?? scenario.seed ?? 1
  const simulation = await simulate({
    plan,
    scenarioText: text,
    seed,
    integration: options.integration,
    nextLives: await nextLives(scenario, options),
    workload,
    providers: providersFor(scenario, options.addresses),
    answers: answersOf({ own: options.answers, scenario, file: options.file, catalogue }),
    upstream: await upstreamOf(options.answersFrom),
    signal: options.signal,
    onProgress: options.onProgress?.bind(options),
  })

  const view = viewJournal(simulation.events)
  const faults = landings({
    plan,
    world: simulation.world,
    users: workload.users * workload.instances,
    tasksOpenIn: tasksOpenIn(view),
    lineOf: path => positions?.of(path).line,
  })
  // When nothing was injected there is nothing to judge: the client did not even get through the healthy warm-up.
  const results = simulation.problem === undefined ? judgeAll(view, plan, catalogue.oracles, scenario.expect ?? []) : []
  const findings = sortFindings(results.flatMap(result => result.findings))
  return {
    scenario,
    file: options.file,
    plan,
    client: options.integration.name,
    seed,
    engine: 'msw',
    ...verdictOf(simulation, findings, faults, results),
    realIo: simulation.realIo,
    simulatedMs: simulation.simulatedMs,
    wallMs: Math.round(simulation.wallMs),
    journal: simulation.events,
    journalHash: journalHash(simulation.events),
    faults,
    oracles: results,
    findings,
    notices: simulation.notices,
  }
}

async function upstreamOf(base: string | undefined): Promise<Upstream | undefined> {
  if (base === undefined) return undefined
  const upstream = createUpstream(base, nativeFetch)
  await reachUpstream(base)
  return upstream
}

interface ReadOptions {
  readonly scenario: Scenario
  readonly text: string
  readonly positions: Positions | undefined
}

function readOptions({ scenario, scenarioText, positions, file }: RunOptions, catalogue: FullCatalogue): ReadOptions {
  if (typeof scenario !== 'string')
    return { scenario, text: scenarioText ?? printScenario(underFileId(scenario), catalogue), positions }
  const parsed = parseScenario(scenario, { catalogue, ...(file !== undefined && { file }) })
  if (!parsed.scenario) throw new UsageError(formatDiagnostics(parsed.diagnostics, scenario))
  return { scenario: parsed.scenario, text: scenario, positions: parsed.positions }
}

/** A variant of a matrix has an id that no file can have. */
function underFileId(scenario: Scenario): Scenario {
  return { ...scenario, id: scenario.id.replace(/\[.*/s, '') }
}

/** No more clients than this are loaded for a run; lives beyond share the last. */
const livesAtMost = 10

async function nextLives({ events = [] }: Scenario, { reload }: RunOptions): Promise<readonly Integration[]> {
  if (!reload) return []
  const next: Integration[] = []
  for (let life = 1; life < Math.min(livesOf(events), livesAtMost); life++) next.push(await reload())
  return next
}

function refuseUnsupported({ scenario, positions }: ReadOptions, options: RunOptions, catalogue: FullCatalogue): void {
  const { integration, file = 'scenario' } = options
  const problems = [
    ...unsupportedByMsw(scenario),
    ...outOfRun(scenario),
    ...fixedVariants(scenario, options),
    ...unsupportedByClient(scenario, integration),
    ...variantsOf(scenario, catalogue).problems,
  ]
  if (problems.length === 0) return
  const lines = problems.map(({ path, message, hint }) => {
    const place = positions?.of(path)
    return `${file}:${place?.line ?? 1}:${place?.column ?? 1}: ${message} (${path}) ${hint}`
  })
  throw new UsageError(lines.join('\n'))
}

function tasksOpenIn(view: JournalView): (span: Span) => boolean {
  return span => view.tasks.some(task => task.startMs < span.endMs && (task.settledMs ?? view.endMs) > span.startMs)
}
