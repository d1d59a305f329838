import { relative } from 'node:path'
import { catalogueWith } from '../run/catalogue.ts'
import { sayingAll } from '../run/refusal.ts'
import type { RunResult } from '../run/result.ts'
import { type RunOptions, runScenario } from '../run/run-scenario.ts'
import { type Assessment, demand } from './assessment.ts'
import { type ClientSpec, clientOf } from './client-of.ts'
import { failureText, inconclusiveText, passedText } from './failure-text.ts'
import { findScenario, type ScenarioSpec } from './spec.ts'

/** How a run is done, beside its scenario and its client. */
export type SurviveOptions = Omit<RunOptions, 'scenario' | 'scenarioText' | 'file' | 'positions' | 'integration'>

/** Runs the client through a whole scenario. A run that tested nothing is no success. Rejects with a `UsageError`. */
export function survives(
  client: unknown,
  spec: ScenarioSpec,
  options: SurviveOptions = {},
): Promise<Assessment<RunResult>> {
  return sayingAll(() => run(client, spec, options))
}

async function run(client: unknown, spec: ScenarioSpec, options: SurviveOptions): Promise<Assessment<RunResult>> {
  const { integration, path, reload } = await clientOf(client)
  const { scenario, text, file, positions, word } = findScenario(spec, catalogueWith(options))
  const value = await runScenario({
    ...(reload && { reload }),
    ...options,
    ...{ scenario, integration },
    ...(text !== undefined && { scenarioText: text }),
    ...(file !== undefined && { file }),
    ...(positions && { positions }),
  })
  const { name } = integration
  const replay = { word, client: path && relative(process.cwd(), path), flags: flagsOf(options) }
  const holds = value.verdict === 'pass'
  const isConclusive = value.verdict !== 'inconclusive'
  const message = holds
    ? `${name} survived ${scenario.id}: ${passedText(value)}`
    : isConclusive
      ? failureText(value, `${name} did not survive ${scenario.id}`, replay)
      : inconclusiveText(value, `${name} was not tested by ${scenario.id}`, replay)
  return { holds, isConclusive, message, value }
}

/**
 * Runs the client through a whole scenario and judges it by all oracles. Gives the result when every expectation held;
 * rejects with an `AssertionError` that tells what failed, why, and how to see it again, also when the run tested nothing.
 */
export async function assertSurvives(
  client: ClientSpec,
  scenario: ScenarioSpec,
  options: SurviveOptions = {},
): Promise<RunResult> {
  return demand(await survives(client, scenario, options))
}

function flagsOf({ users, instances }: SurviveOptions): readonly string[] {
  return [
    ...(users === undefined ? [] : ['--users', String(users)]),
    ...(instances === undefined ? [] : ['--instances', String(instances)]),
  ]
}
