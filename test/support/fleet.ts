import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Integration } from '../../src/model/integration.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import type { RunResult } from '../../src/run/result.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'

const root = resolve(import.meta.dirname, '../..')
const clientFolder = join(root, 'fixtures', 'clients')

export interface Shipped {
  readonly file: string
  readonly text: string
  readonly scenario: Scenario
}

/**
 * The scenarios that every client is run through. Not all that ship, or client times scenario would take the better part
 * of an hour: each of these asks something of a client that no other does. `test/library` runs all of them, with the
 * client that each is for.
 */
const fleetIds: readonly string[] = [
  'auth-errors-on-good-keys',
  'brownout-ten-percent',
  'chat-before-api',
  'claude-2025-09-10',
  'claude-2026-03-02',
  'connect-phase',
  'flapping',
  'global-down',
  'lost-responses',
  'metastable-storm',
  'openai-2023-11-08',
  'rate-limited-recovery',
  'relapse',
  'stream-error-in-200',
  'truncated-stream',
]

/** Those of the fleet, by id, in the order of their files. */
export const scenarios: ReadonlyMap<string, Shipped> = new Map(
  readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.yaml'))
    .toSorted()
    .map(path => {
      const file = join(root, 'scenarios', path)
      const { scenario, text } = readScenarioFile(file, { catalogue })
      if (!scenario) throw new Error(`${path} does not parse`)
      return [scenario.id, { file, text, scenario }] as const
    })
    .filter(([id]) => fleetIds.includes(id)),
)

export const soundClients = ['resilient', 'fail-fast', 'tool-agent', 'patient-worker'] as const

/** What the head of a broken client promises. */
export interface Broken {
  readonly name: string
  readonly scenario: string
  /** The oracle that must fail. */
  readonly fails: string
  /** Oracles that may fail with it. */
  readonly mayAlso: readonly string[]
}

const allClients = readdirSync(clientFolder)
  .filter(file => file.endsWith('.ts'))
  .map(file => basename(file, '.ts'))
  .toSorted()

export const brokenClients: readonly Broken[] = allClients
  .filter(name => !soundClients.some(sound => sound === name))
  .map(name => {
    const lines = readFileSync(join(clientFolder, `${name}.ts`), 'utf8').split('\n')
    const value = (key: string) =>
      lines
        .find(line => line.startsWith(`// ${key}:`))
        ?.slice(`// ${key}:`.length)
        .trim()
    return {
      name,
      scenario: value('scenario') ?? '',
      fails: value('fails') ?? '',
      mayAlso:
        value('may-also')
          ?.split(/[\s,]+/)
          .filter(Boolean) ?? [],
    }
  })

/** It blocks the thread for good: only the supervisor of the command line can end it. */
export const unstoppable = 'blocked-event-loop'

/** Every client that a test may run, the shipped one first. */
export const clients: readonly string[] = ['bare-sdk', ...allClients.filter(name => name !== unstoppable)]

export interface PairOptions {
  readonly seed?: number
  /** Of the users, and so of the tasks; all when absent. */
  readonly part?: number
}

// It asks eleven times where the others ask once: a tenth of the users makes as many attempts.
const partOf: Readonly<Record<string, number>> = { 'tool-agent': 0.1 }

/** Runs one client through one shipped scenario. One at a time: a run owns the globals of its process. */
export async function runPair(
  client: string,
  id: string,
  { seed = 1, part = 1 }: PairOptions = {},
): Promise<RunResult> {
  const shipped = scenarios.get(id)
  if (!shipped) throw new Error(`no scenario ${id}`)
  const path = client === 'bare-sdk' ? '../../src/clients/bare-sdk.ts' : `../../fixtures/clients/${client}.ts`
  const { default: integration }: { default: Integration } = await import(path)
  const { scenario, text } = shipped
  const share = Math.min(part, partOf[client] ?? 1)
  const users = Math.ceil((scenario.workload?.users ?? 60) * share)
  return runScenario({ scenario, scenarioText: text, integration, seed, ...(share < 1 && { users }) })
}

/** Ids of the oracles that failed, each once. */
export function failedOracles({ findings }: RunResult): readonly string[] {
  return [...new Set(findings.filter(({ severity }) => severity === 'fail').map(({ oracle }) => oracle))]
}
