import { failedTask, healthyTask, JournalBuilder, minute, outage, outageText, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function alertJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'alert-fires', expected: 'pass', journal: alerted(4 * minute) },
    { oracle: 'alert-fires', expected: 'fail', journal: alerted(7 * minute) },
  ]
}

/** A drill in which all fails from `second` on, and monitoring says so at `t`; never when absent. */
export function alerted(t?: number, title = 'AssistantErrors'): JournalBuilder {
  const journal = new JournalBuilder(outage, outageText, 'loopback')
  for (let i = 0; i < 20; i++) failedTask(journal, second + i * 20 * second, { user: i })
  healthyTask(journal, 11 * minute)
  if (t !== undefined) alert(journal, t, title)
  return journal
}

export function alert(journal: JournalBuilder, t: number, title: string, status = 'firing'): void {
  journal.add({ type: 'mark', t, mark: 'alert', says: `${title}: ${status}`, detail: { title, status } })
}
