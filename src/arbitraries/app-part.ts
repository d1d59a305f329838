import type { Assumptions } from '../model/integration.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import { oracles } from '../oracles/index.ts'

/** The parts of a scenario that are about the app, and that every outage of a search shares. */
export type AppPart = Pick<Scenario, 'provider' | 'surfaces' | 'answers' | 'tokens' | 'workload' | 'expect'>

/**
 * What an outage of this app stands on: a base scenario's own words, else what the client assumes. Of a base's `expect`,
 * what speaks of its phases, or promises a share of answers, holds for that outage alone and is left out.
 */
export function appPart(assumes: Assumptions = {}, base?: Scenario): AppPart {
  const pick = <K extends keyof AppPart & keyof Assumptions>(key: K) => base?.[key] ?? assumes[key]
  const [surfaces, answers, tokens] = [pick('surfaces'), pick('answers'), pick('tokens')]
  const workload = { ...assumes.workload, ...base?.workload }
  const { spikes: _spikes, ...lasting } = workload
  const expect = [...(assumes.expect ?? []), ...(base?.expect ?? []).filter(isOfAnyOutage)].filter(
    ({ during }) => during === undefined,
  )
  return {
    provider: base?.provider ?? assumes.provider ?? 'anthropic',
    ...(surfaces && { surfaces }),
    ...(answers && { answers }),
    ...(tokens && { tokens }),
    ...(Object.keys(lasting).length > 0 && { workload: lasting }),
    ...(expect.length > 0 && { expect }),
  }
}

function isOfAnyOutage({ oracle, off }: Expectation): boolean {
  return off === true || ['safety', 'relation'].includes(oracles.get(oracle)?.kind ?? '')
}
