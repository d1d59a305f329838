import type { Clock } from './clock/clock.ts'
import { createOutage, type Outage } from './engines/outage-handlers.ts'
import { UsageError } from './lib/errors.ts'
import type { Scenario } from './model/scenario.ts'
import { compilePlan } from './model/timeline.ts'
import type { Addresses } from './providers/addressed.ts'
import { providersFor } from './providers/for-run.ts'
import { type AnswersOption, answersOf } from './run/answers.ts'
import { type Additions, catalogueWith } from './run/catalogue.ts'
import {
  formatDiagnostics,
  type ParseResult,
  parseScenario as parseWith,
  printScenario as printWith,
} from './scenario/index.ts'

export { withCall } from './attribution/attribution.ts'
export type { JournalEvent } from './journal/event.ts'
export { journalHash, journalLines, parseJournal } from './journal/journal.ts'
export { UsageError } from './lib/errors.ts'
export type { Accepted } from './model/accepted.ts'
export { defineFault, type Fault } from './model/fault.ts'
export {
  type BreakerReport,
  type CacheReport,
  defineIntegration,
  type Health,
  type Integration,
  type QueueReport,
  type Reporter,
  type RetryReport,
  type Settlement,
  type TaskInput,
  type ToolReport,
} from './model/integration.ts'
export type { AnswerEntry, Scenario } from './model/scenario.ts'
export { defineOracle, type Finding, type Judgement, type Oracle, type OracleResult } from './oracles/oracle.ts'
export { type JournalView, viewJournal } from './oracles/view.ts'
export type { AnswersOption } from './run/answers.ts'
export { type Config, defineConfig } from './run/config/config.ts'
export type { Injected, Injection } from './run/injections.ts'
export { loadClient } from './run/load-client.ts'
export type { ExitCode, RunResult, Verdict } from './run/result.ts'
export { type RunOptions, runScenario } from './run/run-scenario.ts'
export type { Diagnostic } from './scenario/index.ts'
export type { TaskContext, TaskOptions } from './testing/asking.ts'
export type { OutageTask } from './testing/outage-task.ts'
export type { Attempt, Call, RecordFilter, Task } from './testing/records.ts'
export {
  assertHonoursRetryAfter,
  assertNoFindings,
  assertRecoversWithin,
  type FindingFilter,
} from './testing/result-assertions.ts'
export type { OutageSession } from './testing/session.ts'
export type { ScenarioSpec } from './testing/spec.ts'
export { type StartOutageOptions, startOutage } from './testing/start-outage.ts'
export { assertSurvives, type SurviveOptions } from './testing/survives.ts'
export { type AnyOutageOptions, assertSurvivesAnyOutage } from './testing/survives-any.ts'

/**
 * Reads a scenario from YAML. Whatever is wrong with it comes back as diagnostics, all at once, each with line and
 * column; `scenario` is absent when one of them is an error. Never throws.
 */
export function parseScenario(text: string, options: ParseScenarioOptions = {}): ParseResult {
  const { file } = options
  return parseWith(text, { catalogue: catalogueWith(options), ...(file !== undefined && { file }) })
}

export interface ParseScenarioOptions extends Additions {
  /** The file's name, for the diagnostics. */
  readonly file?: string
}

/** Writes a scenario as YAML; `parseScenario` reads the same scenario back. */
export function printScenario(scenario: Scenario, additions: Additions = {}): string {
  return printWith(scenario, catalogueWith(additions))
}

export interface OutageHandlersOptions extends Additions {
  /** Wins over the scenario's own; 1 when neither says. */
  readonly seed?: number
  /** Answers of your own, or the path of a file that has them; tried before the scenario's. */
  readonly answers?: AnswersOption
  /** Base URL of another mock on this machine that answers in the provider's place; faults befall what it says. */
  readonly answersFrom?: string
  /** Where providers are reached, when a gateway stands in front: base URLs by provider. */
  readonly addresses?: Addresses
  /** What the timeline runs on; the global timers when absent, real or faked. */
  readonly clock?: Clock
}

/**
 * MSW handlers for one's own `setupServer(...outageHandlers(scenario))`. Providers answer well until `.start()` is
 * called on what is returned; from then on the scenario's timeline runs. `scenario` is a scenario or its YAML; throws a
 * `UsageError` when that is invalid.
 */
export function outageHandlers(scenario: Scenario | string, options: OutageHandlersOptions = {}): Outage {
  const { seed, clock } = options
  const data = typeof scenario === 'string' ? fromYaml(scenario, options) : scenario
  return createOutage({
    plan: compilePlan(data, catalogueWith(options).faults),
    seed: seed ?? data.seed ?? 1,
    providers: providersFor(data, options.addresses),
    ...(options.answersFrom !== undefined && { answersFrom: options.answersFrom }),
    answers: answersOf({ own: options.answers, scenario: data, catalogue: catalogueWith(options) }),
    ...(clock && { clock }),
  })
}

function fromYaml(text: string, additions: Additions): Scenario {
  const { scenario, diagnostics } = parseScenario(text, additions)
  if (!scenario) throw new UsageError(formatDiagnostics(diagnostics, text))
  return scenario
}
