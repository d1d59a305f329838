import { faultParams } from '../../../src/model/fault.ts'
import type { Json } from '../../../src/model/scenario.ts'
import { oracles } from '../../../src/oracles/index.ts'
import type { Judgement, Oracle } from '../../../src/oracles/oracle.ts'
import type { JournalBuilder } from '../../support/journal-builder.ts'

export function oracleOf(id: string): Oracle {
  const oracle = oracles.get(id)
  if (!oracle) throw new Error(`no oracle ${id}`)
  return oracle
}

export function judge(
  id: string,
  journal: JournalBuilder,
  params: Readonly<Record<string, Json>> = {},
  endMs?: number,
): Judgement {
  const oracle = oracleOf(id)
  return oracle.judge(journal.view(endMs), faultParams(oracle.params, params), journal.plan)
}

/** `fail` or `warn` of each finding. */
export function severities(judgement: Judgement): readonly string[] {
  return judgement.findings.map(({ severity }) => severity)
}
