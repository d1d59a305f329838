import { expect, test } from 'vitest'
import type { NoteKind } from '../../../src/journal/event.ts'
import { judgeConduct } from '../../../src/oracles/conduct.ts'
import { healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'

test.each<[NoteKind, 'fail' | 'warn']>([
  ['unhandled-rejection', 'fail'],
  ['uncaught-exception', 'fail'],
  ['process-exit', 'fail'],
  ['livelock', 'fail'],
  ['deadlock', 'fail'],
  ['blocked', 'fail'],
  ['key-leak', 'fail'],
  ['host-refused', 'warn'],
  ['stop-failed', 'warn'],
])('%s is a finding of severity %s', (kind, severity) => {
  const journal = new JournalBuilder()
  healthyTask(journal, 0)
  journal.note(minute, kind, 'first thing', 't1').note(11 * minute, kind, 'second thing')

  const result = judgeConduct(journal.view())

  expect(result).toMatchObject({ id: 'conduct', status: severity, named: false })
  expect(result.findings).toMatchObject([{ oracle: 'conduct', severity, phase: 'blackout', evidence: ['t1'] }])
  expect(result.findings[0]?.message).toMatch(/^2 .*: first thing; second thing$/)
})

test.each<NoteKind>(['livelock', 'deadlock'])('a %s is shown by the tasks that were left open', kind => {
  const journal = new JournalBuilder()
  healthyTask(journal, 0)
  journal.task(second)
  journal.note(minute, kind, 'nothing moves')

  expect(judgeConduct(journal.view()).findings[0]?.evidence).toEqual(['t2'])
})

test('real I/O is no offence', () => {
  const journal = new JournalBuilder()
  healthyTask(journal, 0)
  journal.note(minute, 'real-io', 'files')

  expect(judgeConduct(journal.view())).toMatchObject({ status: 'pass', examined: 1, findings: [] })
})

test('many different texts are cut short', () => {
  const journal = new JournalBuilder()
  for (let i = 1; i <= 5; i++) journal.note(i, 'host-refused', `host-${i}.example`)

  expect(judgeConduct(journal.view()).findings[0]?.message).toBe(
    '5 requests to hosts outside the scenario were refused: host-1.example; host-2.example; host-3.example; and 2 more',
  )
})
