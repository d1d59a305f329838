import type { Scenario, WorkloadSpec } from '../../model/scenario.ts'
import type { Thresholds } from '../../oracles/judge-all.ts'
import { answersOf } from '../answers.ts'
import { catalogueWith, type FullCatalogue } from '../catalogue.ts'
import type { RunOptions } from '../run-scenario.ts'
import type { LoadedConfig } from './load-config.ts'

/** What a config adds to every run, beside what it adds to the scenario. `addresses` on a command line win. */
export function runOptionsOf(
  config: LoadedConfig,
): Pick<RunOptions, 'faults' | 'oracles' | 'thresholds' | 'accepted' | 'addresses'> & { answersFrom?: string } {
  const { additions, accepted, addresses, answers_from } = config
  return {
    ...additions,
    thresholds: thresholdsOf(config),
    accepted,
    addresses,
    ...(answers_from !== undefined && { answersFrom: answers_from }),
  }
}

/** Everything a scenario may name under this config. */
export function catalogueOf({ additions }: LoadedConfig): FullCatalogue {
  return catalogueWith(additions)
}

/**
 * The scenario with what the config says where it does not itself: its own words win. A scenario that a search found
 * carries all it needs and stays as it is. The very same object where nothing is added.
 */
export function underConfig(
  scenario: Scenario,
  config: LoadedConfig,
  { file }: { readonly file?: string } = {},
): Scenario {
  if (scenario.found) return scenario
  const workload = mergeWorkload(config.workload, scenario.workload)
  const seed = scenario.seed ?? config.seed
  const steady_state = config.steady_state && { ...config.steady_state, ...scenario.steady_state }
  const stop_when = scenario.stop_when ?? config.stop_when
  const answers = config.answers && mergedAnswers(scenario, config, file)
  const off = Object.entries(config.thresholds)
    .filter(([id, value]) => value === 'off' && !scenario.expect?.some(({ oracle }) => oracle === id))
    .map(([oracle]) => ({ oracle, off: true }) as const)
  const added: Partial<Scenario> = {
    ...(workload !== scenario.workload && workload && { workload }),
    ...(seed !== scenario.seed && seed !== undefined && { seed }),
    ...(steady_state && { steady_state }),
    ...(stop_when !== scenario.stop_when && stop_when && { stop_when }),
    ...(answers && { answers }),
    ...(off.length > 0 && { expect: [...(scenario.expect ?? []), ...off] }),
  }
  return Object.keys(added).length === 0 ? scenario : { ...scenario, ...added }
}

function mergedAnswers(scenario: Scenario, config: LoadedConfig, file: string | undefined): Scenario['answers'] {
  const catalogue = catalogueOf(config)
  const own = answersOf({ scenario, file, catalogue })
  return [...own, ...answersOf({ own: config.answers, scenario: { ...scenario, answers: [] }, catalogue })]
}

/** Three ways to say how fast tasks come; whoever says one says all. */
const pace = ['tasks', 'think', 'arrivals'] as const

/** Key by key, the scenario's own first. */
function mergeWorkload(config: WorkloadSpec | undefined, own: WorkloadSpec | undefined): WorkloadSpec | undefined {
  if (!config || !own) return own ?? config
  const rest = { ...config }
  if (pace.some(key => own[key] !== undefined)) for (const key of pace) delete rest[key]
  return { ...rest, ...own }
}

function thresholdsOf({ thresholds }: LoadedConfig): Thresholds {
  return Object.fromEntries(
    Object.entries(thresholds).flatMap(([id, params]) => (params === 'off' ? [] : [[id, params]])),
  )
}
