import type { Expectation, Scenario } from '../model/scenario.ts'
import { relations } from '../oracles/relations/index.ts'

/**
 * `scenario` without what it expects of relations, but for `oracle`, which it names where that is one: a run of it makes the
 * further runs that this one compares, and none for others.
 */
export function withRelation(scenario: Scenario, oracle: string): Scenario {
  const { expect = [], ...rest } = scenario
  const own: readonly Expectation[] =
    relations.has(oracle) && !expect.some(entry => entry.oracle === oracle) ? [{ oracle }] : []
  const kept = [...expect.filter(entry => entry.oracle === oracle || !relations.has(entry.oracle)), ...own]
  return kept.length === expect.length && own.length === 0
    ? scenario
    : { ...rest, ...(kept.length > 0 && { expect: kept }) }
}
