import { expect, test } from 'vitest'
import { failedTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { goesBack, sharedCache, stale } from '../../support/journals/fallbacks.ts'
import { judge, severities } from './support.ts'

const elsewhere = { provider: 'openai', surface: 'api.chat', model: 'gpt' }

test.each([
  [400, 1],
  [413, 1],
  [422, 1],
  [404, 0],
  [401, 0],
  [408, 0],
  [429, 0],
  [529, 0],
])('fallback-only-when-allowed: another provider after a %i', (status, findings) => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task.call().attempt(0, { status })
  task.call(300, elsewhere).answered(300)
  task.settle(2_000, 'ok')

  expect(judge('fallback-only-when-allowed', journal).findings).toHaveLength(findings)
})

test('the same provider asked with a mended request is no fallback', () => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task.call().attempt(0, { status: 400 })
  task.call(300, { bodyHash: 'shorter' }).answered(300)
  task.settle(2_000, 'ok')

  expect(judge('fallback-only-when-allowed', journal)).toMatchObject({ examined: 1, findings: [] })
})

test.each([
  [{ ageMs: 5 * minute }, []],
  [{ ageMs: 5 * minute + 1 }, ['warn']],
  [{ ageMs: 5 * minute + 1, labelled: true }, []],
  [{ ageMs: 24 * 60 * minute, labelled: true }, []],
  [{ ageMs: 24 * 60 * minute + 1, labelled: true }, ['fail']],
])('cache-freshness: %o', (told, expected) => {
  expect(severities(judge('cache-freshness', stale(told)))).toEqual(expected)
})

test('the age of an answer shows without a word of the app: nobody has asked for so long', () => {
  const journal = new JournalBuilder()
  const first = journal.task(11 * minute, { question: 'q7' })
  first.call().answered(11 * minute)
  first.settle(11 * minute + 1_500, 'ok')
  const again = (t: number) => journal.task(t, { question: 'q7' }).settle(t + 3, 'ok')
  again(12 * minute)

  expect(judge('cache-freshness', journal)).toMatchObject({ examined: 1, findings: [] })

  again(16 * minute + 2_000)
  expect(judge('cache-freshness', journal).findings).toMatchObject([
    { severity: 'warn', evidence: ['t3'], message: expect.stringContaining('at least 5m1s old') },
  ])
})

test('a text that came by an attempt which did not end well is no cached one', () => {
  const journal = new JournalBuilder()
  const task = journal.task(9 * minute)
  task.call().attempt(9 * minute, { status: 200, outcome: 'garbled' })
  task.settle(9 * minute + 900, 'ok')

  expect(judge('cache-freshness', journal)).toMatchObject({ examined: 0, vacuous: 'no task was answered from a store' })
})

test('tenant-isolation: an answer made for another tenant, and one that the tenant had had itself', () => {
  expect(judge('tenant-isolation', sharedCache('tenant-2')).findings).toMatchObject([
    { severity: 'fail', evidence: ['t2', 't3'] },
  ])
  expect(judge('tenant-isolation', sharedCache('tenant-1'))).toMatchObject({ examined: 2, findings: [] })
})

test('tenant-isolation remembers what a tenant was told in the warm-up', () => {
  const journal = sharedCache('tenant-2').warmUp(1, { tenant: 'tenant-2', question: 'q7' })

  expect(judge('tenant-isolation', journal)).toMatchObject({ examined: 2, findings: [] })
})

test('credential-isolation proves nothing while one provider is asked', () => {
  const journal = new JournalBuilder()
  failedTask(journal, 0)

  expect(judge('credential-isolation', journal).vacuous).toBe('fewer than two providers were asked')
  expect(severities(judge('credential-isolation', journal.note(5, 'key-leak', 'A key of openai.', 't1')))).toEqual([
    'fail',
  ])
})

test.each([
  [20, []],
  [19, []],
  [18, ['fail']],
  [0, ['fail']],
])('returns-to-primary: of 20 later answers %i are the primary’s', (byPrimary, expected) => {
  const judgement = judge('returns-to-primary', goesBack(byPrimary), {}, 20 * minute)

  expect(judgement.examined).toBe(20)
  expect(severities(judgement)).toEqual(expected)
})

test('a share that two providers had before is met again up to what chance leaves', () => {
  const journal = (later: number) => {
    const made = goesBack(later).warmUp(30, { ...elsewhere })
    return made
  }

  expect(severities(judge('returns-to-primary', journal(8), {}, 20 * minute))).toEqual([])
})

test('who never asked anybody else has nowhere to return from', () => {
  const journal = new JournalBuilder().warmUp(10)
  failedTask(journal, second)

  expect(judge('returns-to-primary', journal).vacuous).toBe('no second provider or model answered')
  expect(judge('returns-to-primary', new JournalBuilder()).vacuous).toBe('nothing was answered in the warm-up')
})

test('a run that ends too early says nothing of the return', () => {
  expect(judge('returns-to-primary', goesBack(0), { within: 15 * minute }).vacuous).toMatch(
    /only 0 answers 15m or more/,
  )
})
