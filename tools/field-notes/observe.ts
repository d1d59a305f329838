import { readFileSync } from 'node:fs'
import { readShipped, type Shipped } from '../../src/cli/shipped.ts'
import type { ProfileCell } from '../../src/profile/cell.ts'
import { profileCell } from '../../src/profile/profile.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import type { Claim } from './claims.ts'
import { clientOf, type Subject, subjects } from './subjects.ts'

/** What the library did under the fault of a claim. */
export async function cellOf({ subject, fault, streamed }: Claim): Promise<ProfileCell> {
  const found = subjects.find(({ name }) => name === subject)
  if (!found) throw new Error(`a claim is about ${subject}, which is no subject`)
  const { provider } = found
  return profileCell({ fault, streamed }, { integration: await clientOf(found), provider, seed: 1 })
}

/** Shipped scenarios that befall the provider of a subject, and that any client can be run through. */
export function scenariosFor({ provider }: Subject): readonly Shipped[] {
  return readShipped().filter(({ scenario }) => scenario.provider === provider && scenario.needs?.client === undefined)
}

/** Ids of the oracles that failed, worst first; `undefined` where the run showed nothing (inconclusive). */
export async function failedIn(subject: Subject, { scenario, path }: Shipped): Promise<readonly string[] | undefined> {
  const { exitCode, findings } = await runScenario({
    scenario,
    scenarioText: readFileSync(path, 'utf8'),
    file: path,
    integration: await clientOf(subject),
    seed: 1,
    users: Math.ceil((scenario.workload?.users ?? 60) / 4),
  })
  if (exitCode !== 0 && exitCode !== 1) return undefined
  return [...new Set(findings.filter(({ severity }) => severity === 'fail').map(({ oracle }) => oracle))]
}
