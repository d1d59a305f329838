import { expect, test } from 'vitest'
import { failedTask, JournalBuilder, minute, outage, outageText, second } from '../../support/journal-builder.ts'
import { alert, alerted } from '../../support/journals/alerts.ts'
import { judge } from './support.ts'

const messages = (...args: Parameters<typeof judge>) => judge(...args).findings.map(({ message }) => message)

test('the time to the alert counts from the first request that was hit', () => {
  const journal = new JournalBuilder(outage, outageText, 'loopback')
  failedTask(journal, minute)
  const task = journal.task(3 * minute)
  task.call().attempt(3 * minute, { status: 529, entry: 'phases[0].faults[0]', fault: 'overloaded' })
  alert(journal, 7 * minute, 'Errors')

  expect(judge('alert-fires', journal)).toEqual({ examined: 1, findings: [] })
  expect(messages('alert-fires', journal, { within: 3 * minute })).toEqual([
    'no alert fired within 3m of a2: the first, “Errors”, came 4m after it',
  ])
})

test('an alert that fired before, another one, and one that is over are not ours', () => {
  const journal = alerted()
  alert(journal, -minute, 'DiskFull')
  alert(journal, 2 * minute, 'AssistantErrors', 'resolved')
  alert(journal, 3 * minute, 'QueueLong')

  expect(messages('alert-fires', journal, { title: 'Assistant' })).toEqual([
    'no alert with “Assistant” in its title fired within 5m of t1: none came; 1 other alert did, “QueueLong” first; “DiskFull” had fired 1m1s before',
  ])
  expect(messages('alert-fires', alerted())).toEqual(['no alert fired within 5m of t1: none came'])
})

test('it says nothing of a simulation, of an outage that nobody felt, and of a drill that was too short', () => {
  const simulated = new JournalBuilder()
  failedTask(simulated, second)
  const unfelt = new JournalBuilder(outage, outageText, 'toxiproxy')

  expect(judge('alert-fires', simulated).vacuous).toBe('alerts reach drills alone')
  expect(judge('alert-fires', unfelt).vacuous).toBe('no request was hit by a fault')
  expect(judge('alert-fires', alerted(), { within: 20 * minute }).vacuous).toBe(
    'the drill ended 14m59s after the first request that was hit',
  )
})
