import { unsupportedByMsw } from '../engines/msw-support.ts'
import { journalHash } from '../journal/journal.ts'
import { UsageError } from '../lib/errors.ts'
import type { Integration } from '../model/integration.ts'
import { landings } from '../model/landing.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan, type Span } from '../model/timeline.ts'
import { sortFindings } from '../oracles/finding.ts'
import { judgeAll } from '../oracles/judge-all.ts'
import { type JournalView, viewJournal } from '../oracles/view.ts'
import { providers } from '../providers/index.ts'
import { formatDiagnostics, type Positions, parseScenario, printScenario } from '../scenario/index.ts'
import { planWorkload } from '../workload/workload.ts'
import { type Additions, catalogueWith, type FullCatalogue } from './catalogue.ts'
import type { RunResult } from './result.ts'
import { type Progress, simulate } from './simulate.ts'
import { verdictOf } from './verdict.ts'

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
  /** Mean think time of a user, ms. */
  readonly thinkMs?: number
  readonly signal?: AbortSignal
  onProgress?(progress: Progress): void
}

/**
 * Runs the app through one scenario, in process and on virtual time, and judges what it did. The same scenario, seed and
 * client give the same journal, to the byte. Rejects with a `UsageError` for an invalid scenario, for one that asks what
 * the engine cannot do, and when `BLACKSTART_DISABLED=1` forbids all injection.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  if (process.env['BLACKSTART_DISABLED'] === '1')
    throw new UsageError('Failed to run: BLACKSTART_DISABLED=1 forbids all injection.', 'Unset it to run scenarios.')
  const catalogue = catalogueWith(options)
  const { scenario, text, positions } = readOptions(options, catalogue)
  refuseUnsupported(scenario, positions, options.file)

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
    workload,
    providers,
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

interface ReadOptions {
  readonly scenario: Scenario
  readonly text: string
  readonly positions: Positions | undefined
}

function readOptions({ scenario, scenarioText, positions, file }: RunOptions, catalogue: FullCatalogue): ReadOptions {
  if (typeof scenario !== 'string')
    return { scenario, text: scenarioText ?? printScenario(scenario, catalogue), positions }
  const parsed = parseScenario(scenario, { catalogue, ...(file !== undefined && { file }) })
  if (!parsed.scenario) throw new UsageError(formatDiagnostics(parsed.diagnostics, scenario))
  return { scenario: parsed.scenario, text: scenario, positions: parsed.positions }
}

function refuseUnsupported(scenario: Scenario, positions: Positions | undefined, file = 'scenario'): void {
  const problems = unsupportedByMsw(scenario)
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
