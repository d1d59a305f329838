import type { Frame } from '../arbitraries/frame.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import type { Thresholds } from '../oracles/judge-all.ts'
import { relations } from '../oracles/relations/index.ts'
import { ordealsOf } from './ordeals.ts'
import { isOwn, type Shard, whole } from './shard.ts'
import type { Tried, Try } from './types.ts'

export interface RelateOptions {
  readonly frame: Frame
  /** Runs one outage. */
  readonly attempt: Try
  /** The scenario that is varied, where there is one. */
  readonly base?: Scenario | undefined
  /** Of the outages every n-th is a shard's; all when absent. */
  readonly shard?: Shard | undefined
  /** So many outages in all, all shards together; all when absent. */
  readonly atMost?: number | undefined
  /** So many of the shard's own are done already; none when absent. */
  readonly from?: number | undefined
  /** Relations that are worth their runs now. */
  relations(): readonly string[]
  /** Whether to leave it at that. */
  isOver?(): boolean
}

/**
 * What one run cannot show: a handful of outages, each compared with further runs of it in which one thing is changed. An
 * outage that fails something by itself is not compared: that other failure would show in what is compared as well.
 */
export async function* relate(options: RelateOptions): AsyncGenerator<Tried> {
  const { frame, attempt, base, shard = whole, atMost = Number.POSITIVE_INFINITY, from = 0 } = options
  const { expect } = frame.app
  const own = ordealsOf(frame, base)
    .slice(0, atMost)
    .filter((_, number) => isOwn(shard, number))
  for (const ordeal of own.slice(from)) {
    const asked = options.relations()
    if (options.isOver?.() || asked.length === 0) break
    const scenario: Scenario = { ...ordeal, ...expecting(expect, asked) }
    const alone = await attempt(scenario, 'relations', { toEnd: true })
    const isWell = alone.failed.length === 0 && alone.result.exitCode !== 3 && alone.result.cut === undefined
    yield isWell ? await attempt(scenario, 'relations', { toEnd: true, relations: asked }) : alone
  }
}

/** What the app expects of an outage, without relations that are not asked for: they would be judged, too. */
function expecting(expect: readonly Expectation[] = [], asked: readonly string[]): Pick<Scenario, 'expect'> {
  const kept = expect.filter(({ oracle }) => !relations.has(oracle) || asked.includes(oracle))
  return kept.length > 0 ? { expect: kept } : {}
}

/** Relations that can fail an app: what only warns is not searched for. In the order of reports. */
export function failingRelations(expect: readonly Expectation[] = [], thresholds: Thresholds = {}): readonly string[] {
  return [...relations.values()].flatMap(({ id, params: { severity } }) => {
    const entries = expect.filter(({ oracle }) => oracle === id)
    if (entries.some(({ off }) => off)) return []
    const usual = thresholds[id]?.['severity'] ?? (severity && 'default' in severity ? severity.default : 'fail')
    const severities = entries.length > 0 ? entries.map(({ params }) => params?.['severity'] ?? usual) : [usual]
    return severities.includes('fail') ? [id] : []
  })
}
