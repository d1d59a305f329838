import { nativeEpochMs } from '../clock/native.ts'
import { nativeFetch } from '../engines/active-tap.ts'
import { unsupportedByMsw } from '../engines/msw-support.ts'
import { createUpstream, reachUpstream, type Upstream } from '../engines/upstream.ts'
import { journalHash } from '../journal/journal.ts'
import { UsageError } from '../lib/errors.ts'
import { invariant } from '../lib/invariant.ts'
import type { Accepted } from '../model/accepted.ts'
import type { Integration } from '../model/integration.ts'
import { landings } from '../model/landing.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan, type Plan, type Span } from '../model/timeline.ts'
import { sortFindings } from '../oracles/finding.ts'
import { judgeAll, type Thresholds } from '../oracles/judge-all.ts'
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
import { refuseTooManyTasks } from '../workload/too-many-tasks.ts'
import { planWorkload } from '../workload/workload.ts'
import { acceptFindings } from './accept.ts'
import { type AnswersOption, answersOf } from './answers.ts'
import { type Budget, failingSafety, safetyOnly } from './budget.ts'
import { type Additions, catalogueWith, type FullCatalogue } from './catalogue.ts'
import { livesOf } from './client-events.ts'
import { fixedVariants } from './fixed-variants.ts'
import { journalText } from './journal-text.ts'
import { refuseUnknownOracles } from './known-oracles.ts'
import { boundRelations, relationsAsked, withoutUnasked } from './relations.ts'
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
  /** Parameters of oracles, by id, where the scenario's `expect` says nothing. */
  readonly thresholds?: Thresholds
  /** Findings that are known: they are shown, and do not fail the verdict. */
  readonly accepted?: readonly Accepted[]
  /** One request more, counted from t = 0, ends the run: what it shows by then is judged, as far as that can be. */
  readonly attemptsAtMost?: number
  /** Ends the run soon after an oracle of the kind `safety` has failed; any of them, or one of these. */
  readonly endEarly?: boolean | readonly string[]
  /**
   * Further runs are made and compared with this one: for all relations, or for these. Where absent, for those that the
   * scenario's `expect` names; where `false`, for none.
   */
  readonly relations?: boolean | readonly string[]
  /**
   * Whether each of those has modules of its own, where there is a `reload`; it has when absent. Where `false`, they share
   * them, and relations are judged where a run is seen to leave nothing behind in them.
   */
  readonly freshTwins?: boolean
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
  refuseUnknownOracles(options, catalogue.oracles)
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
  refuseTooManyTasks(plan, workload)
  const seed = options.seed ?? scenario.seed ?? 1
  // Whoever ends runs early makes many of them.
  const isOneOfMany = options.attemptsAtMost !== undefined || (options.endEarly ?? false) !== false
  const asked = relationsAsked(options.relations ?? (isOneOfMany ? false : undefined), scenario.expect ?? [])
  const common = {
    seed,
    providers: providersFor(scenario, options.addresses),
    answers: answersOf({ own: options.answers, scenario, file: options.file, catalogue }),
    upstream: await upstreamOf(options.answersFrom),
    signal: options.signal,
    onProgress: options.onProgress?.bind(options),
  }
  const simulation = await simulate({
    ...common,
    plan,
    scenarioText: text,
    integration: options.integration,
    nextLives: await nextLives(scenario, options),
    workload,
    budget: budgetOf(plan, options, catalogue),
  })

  const view = viewJournal(simulation.events)
  const faults = landings({
    plan,
    world: simulation.world,
    users: workload.users * workload.instances,
    tasksOpenIn: tasksOpenIn(view),
    lineOf: path => positions?.of(path).line,
    endMs: view.endMs,
  })
  // When nothing was injected there is nothing to judge: the client did not even get through the healthy warm-up.
  const { attemptsAtMost } = options
  const isFresh = options.reload !== undefined && options.freshTwins !== false
  const isWhole = simulation.problem === undefined && simulation.cut === undefined && simulation.ended === 'complete'
  const bound = await boundRelations(isWhole ? asked : [], {
    ...{ scenario, workload, faults: catalogue.faults, surfaces: catalogue.surfaces },
    isFresh,
    again: async ({ plan, workload, conditions, name }) =>
      simulate({
        ...common,
        ...{ plan, workload, conditions, scenarioText: '' },
        integration: (isFresh ? await options.reload?.() : undefined) ?? options.integration,
        budget: attemptsAtMost === undefined ? undefined : { attemptsAtMost },
        nextLives: await nextLives(plan.scenario, options),
        onProgress: progress => options.onProgress?.({ ...progress, phase: name }),
      }),
    signal: options.signal,
  })
  const all = {
    oracles: new Map([...catalogue.oracles, ...bound]),
    expectations: withoutUnasked(scenario.expect ?? [], asked),
  }
  // Of a run without its end nothing can be said but what holds at any time.
  const { oracles, expectations } = simulation.cut === undefined ? all : safetyOnly(all)
  const judged = simulation.problem === undefined ? judgeAll(view, plan, oracles, expectations, options.thresholds) : []
  const results = acceptFindings(judged, {
    scenario: scenario.id,
    accepted: options.accepted ?? [],
    todayMs: nativeEpochMs(),
  })
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
    ...(simulation.cut !== undefined && { cut: simulation.cut }),
  }
}

function budgetOf(
  plan: Plan,
  { attemptsAtMost, endEarly = false, thresholds }: RunOptions,
  { oracles }: FullCatalogue,
): Budget | undefined {
  if (attemptsAtMost === undefined && endEarly === false) return undefined
  const only = endEarly === true || endEarly === false ? undefined : endEarly
  const expectations = plan.scenario.expect ?? []
  return {
    attemptsAtMost,
    ...(endEarly !== false && { failing: failingSafety({ plan, oracles, expectations, thresholds, only }) }),
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
  if (typeof scenario !== 'string') return { scenario, text: textOf(scenario, scenarioText, catalogue), positions }
  if (/^[\w./\\-]+$/.test(scenario))
    throw new UsageError(
      `"${scenario}" is no scenario: runScenario takes its YAML, or a parsed one.`,
      'Read the file first: readFileSync(path, "utf8"). assertSurvives, startOutage and toSurvive take ids and paths.',
    )
  const parsed = parseScenario(scenario, { catalogue, ...(file !== undefined && { file }) })
  if (!parsed.scenario) throw new UsageError(formatDiagnostics(parsed.diagnostics, scenario))
  const text = journalText(parsed.scenario, scenario, catalogue)
  return { scenario: parsed.scenario, text, positions: parsed.positions }
}

function textOf(scenario: Scenario, text: string | undefined, catalogue: FullCatalogue): string {
  return journalText(scenario, text ?? printScenario(underFileId(scenario), catalogue), catalogue)
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
