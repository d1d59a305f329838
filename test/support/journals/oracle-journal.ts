import type { Json } from '../../../src/model/scenario.ts'
import type { JournalBuilder } from '../journal-builder.ts'

export interface OracleJournal {
  readonly oracle: string
  readonly expected: 'pass' | 'warn' | 'fail'
  readonly journal: JournalBuilder
  readonly endMs?: number
  /** Parameters that make it this level; the oracle's defaults when absent. */
  readonly params?: Readonly<Record<string, Json>>
}
