import { faultParams } from '../../src/model/fault.ts'
import type { Oracle } from '../../src/oracles/oracle.ts'
import { viewJournal } from '../../src/oracles/view.ts'
import { oracleJournals } from '../../test/support/oracle-journals.ts'

const journals = oracleJournals()

/** What the oracle says of the journal that it must not pass, word for word; nothing for one that has none. */
export function exampleOf(oracle: Oracle): string | undefined {
  const own = journals.filter(item => item.oracle === oracle.id)
  const worst = own.find(({ expected }) => expected === 'fail') ?? own.find(({ expected }) => expected === 'warn')
  if (!worst) return undefined
  const { journal, endMs, params = {} } = worst
  const { findings } = oracle.judge(
    viewJournal(journal.events(endMs)),
    faultParams(oracle.params, params),
    journal.plan,
  )
  return findings[0]?.message
}
