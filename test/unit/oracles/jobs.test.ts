import { expect, test } from 'vitest'
import { healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

test('none-lost: a job that vanishes was answered, or it is lost', () => {
  const lost = new JournalBuilder()
  lost
    .job(second, { gone: 11 * minute })
    .call(2 * second)
    .overloaded(2 * second)
  const answered = new JournalBuilder()
  answered
    .job(second, { gone: 11 * minute })
    .call(2 * second)
    .answered(2 * second)

  expect(judge('none-lost', lost).findings).toMatchObject([{ severity: 'fail', evidence: ['t1'] }])
  expect(judge('none-lost', answered)).toMatchObject({ examined: 1, findings: [] })
})

test.each<[string, (journal: JournalBuilder) => void]>([
  ['done', journal => journal.job(second, { done: 11 * minute })],
  ['dead, and says so', journal => journal.job(second, { dead: 11 * minute })],
  ['done and later gone from the list', journal => journal.job(second, { done: 11 * minute, gone: 12 * minute })],
  ['still queued', journal => journal.job(second)],
  [
    'answered by an attempt that belongs to nobody known',
    journal => {
      journal.job(second, { gone: 12 * minute })
      journal.call(11 * minute).answered(11 * minute)
    },
  ],
  [
    'answered together with another task of the same question',
    journal => {
      journal.job(second, { gone: 12 * minute }, { question: 'q7' })
      healthyTask(journal, 11 * minute, { question: 'q7' })
    },
  ],
])('none-lost: a job that is %s is not lost', (_, play) => {
  const journal = new JournalBuilder()
  play(journal)

  expect(judge('none-lost', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('a job of the warm-up is not judged', () => {
  const journal = new JournalBuilder()
  journal.job(-minute, { gone: minute })

  expect(judge('none-lost', journal).vacuous).toBe('no job was taken in')
})

/** A job that is answered twice, with or without a crash in between. */
function twice(isCrashed: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  journal
    .job(second, { done: 14 * minute })
    .call(11 * minute)
    .answered(11 * minute)
    .answered(12 * minute)
  if (isCrashed) journal.add({ type: 'client-event', t: 11.5 * minute, event: 'crash', instance: 0 })
  return journal
}

test('none-duplicated: what was answered is asked again, unless the process had died in between', () => {
  expect(severities(judge('none-duplicated', twice(false)))).toEqual(['warn'])
  expect(severities(judge('none-duplicated', twice(false), { severity: 'fail' }))).toEqual(['fail'])
  expect(judge('none-duplicated', twice(true))).toMatchObject({ examined: 1, findings: [] })
})

test('a job asked again after a failure is no duplicate', () => {
  const journal = new JournalBuilder()
  journal
    .job(second, { done: 14 * minute })
    .call(minute)
    .overloaded(minute)
    .answered(11 * minute)

  expect(judge('none-duplicated', journal)).toMatchObject({ examined: 1, findings: [] })
})

/** Two jobs, the second served first. */
function overtaking(second_: { readonly tenant: string; readonly user?: number }): JournalBuilder {
  const journal = new JournalBuilder()
  journal
    .job(second, {}, { tenant: 'tenant-1', user: 1 })
    .call(12 * minute)
    .answered(12 * minute)
  journal
    .job(2 * second, {}, second_)
    .call(11 * minute)
    .answered(11 * minute)
  return journal
}

test('order: within a tenant unless told otherwise', () => {
  expect(judge('order', overtaking({ tenant: 'tenant-1', user: 2 })).findings).toMatchObject([{ evidence: ['t1'] }])
  expect(judge('order', overtaking({ tenant: 'tenant-2' })).vacuous).toBe('no owner had two jobs that were begun')
  expect(severities(judge('order', overtaking({ tenant: 'tenant-2' }), { per: 'all' }))).toEqual(['fail'])
  expect(judge('order', overtaking({ tenant: 'tenant-1', user: 2 }), { per: 'user' }).examined).toBe(0)
})

test('order: a job that waits at the head for its retry is not overtaken by those behind it', () => {
  const journal = new JournalBuilder()
  journal
    .job(second)
    .call(minute)
    .overloaded(minute)
    .answered(11 * minute)
  journal
    .job(2 * second)
    .call(12 * minute)
    .answered(12 * minute)

  expect(judge('order', journal)).toMatchObject({ examined: 2, findings: [] })
})

test('bounded-backlog: as many as are open at one time', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 10; i++) journal.job(i * minute, { done: (i + 2) * minute })

  expect(judge('bounded-backlog', journal, { at_most: 1 })).toMatchObject({
    examined: 10,
    findings: [{ severity: 'fail' }],
  })
  expect(judge('bounded-backlog', journal, { at_most: 2 }).findings).toEqual([])
})

test.each([
  [15 * minute, []],
  [15 * minute + 1, ['warn']],
])('drains-in-time: a job of the outage that is done at %i ms', (done, expected) => {
  const journal = new JournalBuilder()
  healthyTask(journal, second)
  journal.job(9 * minute, { done })

  expect(severities(judge('drains-in-time', journal))).toEqual(expected)
})

test('drains-in-time: a job that never ends, one of after the outage, and a time of one’s own', () => {
  const open = new JournalBuilder()
  open.job(9 * minute)
  const late = new JournalBuilder()
  late.job(10 * minute + second)
  const slow = new JournalBuilder()
  slow.job(9 * minute, { done: 12 * minute })

  expect(judge('drains-in-time', open, {}, 30 * minute).findings[0]?.message).toContain('1 never came to an end')
  expect(judge('drains-in-time', late, {}, 30 * minute).examined).toBe(0)
  expect(severities(judge('drains-in-time', slow, { within: minute }))).toEqual(['warn'])
})

/** A job whose attempts all get this answer. */
function sick(tries: number, status: number): JournalBuilder {
  const journal = new JournalBuilder()
  const call = journal.job(second).call(second)
  for (let i = 0; i < tries; i++) call.attempt(second + i * 35 * second, { status })
  return journal
}

test.each([
  [5, 400, []],
  [6, 400, ['warn']],
  [6, 413, ['warn']],
  [12, 401, []],
  [12, 529, []],
])('poison-isolation: %i attempts that get %i', (tries, status, expected) => {
  expect(severities(judge('poison-isolation', sick(tries, status)))).toEqual(expected)
})

test('poison-isolation tells how many wait behind it', () => {
  const journal = sick(8, 400)
  journal
    .job(2 * second)
    .call(13 * minute)
    .answered(13 * minute)
  journal
    .job(3 * second)
    .call(10 * second)
    .overloaded(10 * second)

  expect(judge('poison-isolation', journal).findings[0]?.message).toContain('while 1 later job waited unbegun')
})

/** A worker whose requests are told by their question; two jobs ask the same. */
function twoOfAQuestion(secondDone: number): JournalBuilder {
  const journal = new JournalBuilder()
  const first = journal.job(second, { done: 12 * minute }, { question: 'q7' })
  journal.job(2 * second, { done: secondDone }, { question: 'q7' })
  const call = first.call(11 * minute)
  for (const t of [11 * minute, 11.1 * minute]) call.attempt(t, { status: 200, attributedBy: 'marker' })
  return journal
}

test('none-duplicated: what may be another job’s is held against nobody', () => {
  expect(judge('none-duplicated', twoOfAQuestion(12 * minute))).toMatchObject({ examined: 1, findings: [] })
  // The first answer may have been the other job’s, which ended with it.
  expect(judge('none-duplicated', twoOfAQuestion(11.05 * minute))).toMatchObject({ examined: 1, findings: [] })
  expect(severities(judge('none-duplicated', twoOfAQuestion(10.9 * minute)))).toEqual(['warn'])
})

test('no-retry-on-permanent-errors: nor is a rejected request', () => {
  const rejected = (attributedBy: 'marker' | 'context') => {
    const journal = new JournalBuilder()
    const first = journal.job(second, {}, { question: 'q7' })
    journal.job(2 * second, {}, { question: 'q7' })
    const call = first.call(minute)
    for (const t of [minute, minute + 700]) call.attempt(t, { status: 400, attributedBy })
    return journal
  }

  expect(severities(judge('no-retry-on-permanent-errors', rejected('marker')))).toEqual([])
  expect(severities(judge('no-retry-on-permanent-errors', rejected('context')))).toEqual(['fail'])
})
