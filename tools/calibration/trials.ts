import { faultParams } from '../../src/model/fault.ts'
import { oracles } from '../../src/oracles/index.ts'
import { answeredTasks, type Made, waitingCallers } from './journals.ts'
import { policies } from './policies.ts'

/** One kind of client, made anew for every seed, and the oracles that look at it. */
export interface Trial {
  readonly group: string
  readonly name: string
  /** Oracles that must catch it; a sound client has none. */
  readonly caughtBy: readonly string[]
  readonly oracles: readonly string[]
  make(seed: number): Made
}

const aboutRetries = ['herd-at-restore', 'synchronisation', 'jitter-present', 'backoff-growth']

/** What each unsound policy must be caught by; the others may see it or not. */
const caught: Readonly<Record<string, readonly string[]>> = {
  'fixed 30 s': ['herd-at-restore', 'synchronisation', 'jitter-present'],
  'exponential, no jitter': ['herd-at-restore', 'synchronisation', 'jitter-present'],
  'linear, no jitter': ['herd-at-restore', 'synchronisation', 'jitter-present', 'backoff-growth'],
  'fixed 10 s, 50% either way': ['backoff-growth'],
}

const retryTrials: readonly Trial[] = policies.map(policy => ({
  group: 'Retries: 200 callers who fail together, ten minutes of outage',
  name: policy.name,
  caughtBy: policy.sound ? [] : (caught[policy.name] ?? []),
  oracles: aboutRetries,
  make: seed => waitingCallers(policy, 200, seed),
}))

const fewTrials: readonly Trial[] = policies
  .filter(({ sound }) => sound)
  .map(policy => ({
    group: 'Retries: 60 callers, near the fewest that are judged',
    name: policy.name,
    caughtBy: [],
    oracles: aboutRetries,
    make: seed => waitingCallers(policy, 60, seed),
  }))

const tenantTrials: readonly Trial[] = [
  { name: 'three tenants alike, 30% answered, 60 tasks each', chances: [0.3, 0.3, 0.3], tasks: 180, caughtBy: [] },
  { name: 'three tenants alike, 30% answered, 600 tasks each', chances: [0.3, 0.3, 0.3], tasks: 1_800, caughtBy: [] },
  { name: 'ten tenants alike, 10% answered, 60 tasks each', chances: Array(10).fill(0.1), tasks: 600, caughtBy: [] },
  { name: 'one of three gets a tenth, 200 tasks each', chances: [0.5, 0.5, 0.05], tasks: 600, caughtBy: ['fairness'] },
  { name: 'one of three gets nothing, 60 tasks each', chances: [0.5, 0.5, 0], tasks: 180, caughtBy: ['fairness'] },
].map(({ name, chances, tasks, caughtBy }) => ({
  group: 'Fairness: tenants who ask alike in an outage',
  name,
  caughtBy,
  oracles: ['fairness'],
  make: (seed: number) => answeredTasks(chances, tasks, seed),
}))

export const trials: readonly Trial[] = [...retryTrials, ...fewTrials, ...tenantTrials]

/** What an oracle said over many seeds. */
export interface Tally {
  fail: number
  warn: number
  pass: number
  vacuous: number
}

/** Judges a trial on seeds 1 to `seeds`, with every threshold at its default. */
export function tally(trial: Trial, seeds: number, from = 1): ReadonlyMap<string, Tally> {
  const tallies = new Map(trial.oracles.map(id => [id, { fail: 0, warn: 0, pass: 0, vacuous: 0 }]))
  for (let seed = from; seed < from + seeds; seed++) {
    const { view, plan } = trial.make(seed)
    for (const [id, counts] of tallies) {
      const oracle = oracles.get(id)
      if (!oracle) throw new Error(`no oracle ${id}`)
      const { examined, findings } = oracle.judge(view, faultParams(oracle.params, {}), plan)
      if (findings.some(({ severity }) => severity === 'fail')) counts.fail++
      else if (findings.length > 0) counts.warn++
      else if (examined === 0) counts.vacuous++
      else counts.pass++
    }
  }
  return tallies
}
