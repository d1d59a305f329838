import { resolve } from 'node:path'
import { readShipped, type Shipped } from '../../src/cli/shipped.ts'
import { usualClient } from '../../src/clients/find-client.ts'
import type { Integration } from '../../src/model/integration.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import type { RunResult } from '../../src/run/result.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'

const root = resolve(import.meta.dirname, '../..')

/** Every scenario that ships. */
export const library: readonly Shipped[] = readShipped()

/** The shipped client of a scenario's provider, or the one it says that it needs. */
export function clientFile({ scenario }: Shipped): string {
  return resolve(root, 'src/clients', `${usualClient(scenario)}.ts`)
}

/** Runs a scenario with the client that belongs to it. One at a time: a run owns the globals of its process. */
export async function runShipped(shipped: Shipped, { part = 1 } = {}): Promise<RunResult> {
  const { default: integration }: { default: Integration } = await import(clientFile(shipped))
  const { scenario, text } = readScenarioFile(shipped.path, { catalogue })
  if (!scenario) throw new Error(`${shipped.path} does not parse`)
  const users = Math.ceil((scenario.workload?.users ?? 60) * part)
  return runScenario({ scenario, scenarioText: text, integration, seed: 1, ...(part < 1 && { users }) })
}
