import { expect, test } from 'vitest'
import type { Expectation } from '../../../src/model/scenario.ts'
import { oracles } from '../../../src/oracles/index.ts'
import { judgeAll } from '../../../src/oracles/judge-all.ts'
import { defineOracle, type OracleResult } from '../../../src/oracles/oracle.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'

function run(
  expectations: readonly Expectation[],
  journal = smallRun(),
  thresholds = {},
): ReadonlyMap<string, OracleResult> {
  const results = judgeAll(journal.view(), journal.plan, oracles, expectations, thresholds)
  return new Map(results.map(result => [result.id, result]))
}

/** In the outage one critical task fails at once and one other takes 40 s; then all is well. */
function smallRun(): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second, { class: 'critical', tenant: 'tenant-2' })
  const slow = journal.task(minute)
  slow.call().attempt(minute, { headersAfter: 40 * second, outcome: 'headers-timeout' })
  slow.settle(minute + 40 * second, 'failed')
  for (let i = 0; i < 6; i++) healthyTask(journal, 12 * minute + i * 10 * second)
  return journal
}

test('all default oracles are judged, and the conduct, whatever the scenario expects', () => {
  const results = run([])

  expect([...results.keys()]).toEqual([
    ...[...oracles.values()].filter(({ byDefault }) => byDefault).map(({ id }) => id),
    'conduct',
  ])
  expect(
    [...results.values()].filter(({ status }) => status !== 'vacuous').map(({ id, status }) => `${id} ${status}`),
  ).toEqual([
    'settles pass',
    'recovers pass',
    'failure-is-not-success pass',
    'retry-amplification pass',
    'bounded-attempts pass',
    'cancelled-is-cancelled pass',
    'conduct pass',
  ])
  expect([...results.values()].some(({ named }) => named)).toBe(false)
})

test('a vacuous oracle says why', () => {
  expect(run([]).get('retry-after-honoured')).toMatchObject({
    examined: 0,
    reason: 'no error answer carried a retry-after',
  })
})

test('an expectation on the whole run sets the parameters of its oracle', () => {
  const results = run([{ oracle: 'settles', params: { within: 30_000 } }])

  expect(results.get('settles')).toMatchObject({ status: 'fail', named: true, examined: 8 })
  expect(results.get('settles')?.findings).toMatchObject([{ oracle: 'settles', evidence: ['t2'] }])
})

test('an expectation may be laxer than the default', () => {
  const journal = smallRun()
  journal.task(2 * minute).settle(5 * minute, 'failed')

  expect(run([], journal).get('settles')?.status).toBe('fail')
  expect(run([{ oracle: 'settles', params: { within: 10 * minute } }], journal).get('settles')?.status).toBe('pass')
})

test('an expectation on a part is judged besides the default', () => {
  const part: Expectation = { oracle: 'settles', params: { within: 30_000 }, of: { class: ['critical'] } }
  const during: Expectation = { oracle: 'settles', params: { within: 30_000 }, during: ['blackout'] }

  expect(run([part]).get('settles')).toMatchObject({ status: 'pass', named: true, examined: 8 })
  expect(run([during]).get('settles')).toMatchObject({ status: 'fail', named: true, examined: 8 })
})

test('off takes an oracle out, but not what is expected of a part', () => {
  expect(run([{ oracle: 'settles', off: true }]).has('settles')).toBe(false)

  const critical: Expectation = { oracle: 'settles', of: { class: ['critical'] } }
  expect(run([{ oracle: 'settles', off: true }, critical]).get('settles')).toMatchObject({ examined: 1, named: true })
})

test('answers is judged where it is named, on the part that is named', () => {
  expect(run([]).has('answers')).toBe(false)

  const after = run([{ oracle: 'answers', during: ['healed'] }])
  expect(after.get('answers')).toMatchObject({ status: 'pass', examined: 6 })

  const critical = run([{ oracle: 'answers', of: { class: ['critical'] } }])
  expect(critical.get('answers')).toMatchObject({ status: 'fail', examined: 1 })
})

test('a named expectation with nothing to look at is vacuous, whatever its oracle saw elsewhere', () => {
  const nobody: Expectation = { oracle: 'settles', of: { tenant: ['tenant-9'] } }

  expect(run([nobody]).get('settles')).toMatchObject({ status: 'vacuous', named: true, reason: 'no task was started' })
})

test('thresholds stand between the defaults and the expectations', () => {
  const thresholds = { settles: { within: 30_000 } }

  expect(run([], smallRun(), thresholds).get('settles')?.status).toBe('fail')
  expect(run([{ oracle: 'settles', params: { within: 60_000 } }], smallRun(), thresholds).get('settles')?.status).toBe(
    'pass',
  )
})

test('the same offence seen twice is told once', () => {
  const journal = new JournalBuilder()
  journal.task(0).settle(5 * minute, 'failed')

  expect(run([{ oracle: 'settles', during: ['blackout'] }], journal).get('settles')?.findings).toHaveLength(1)
})

test('an oracle cannot have a parameter that no scenario could set', () => {
  const params = { of: { kind: 'text', says: 'whose' } } as const
  const judge = () => ({ examined: 0, findings: [] })

  expect(() =>
    defineOracle({ id: 'own', code: 'own', says: '', kind: 'safety', byDefault: true, params, judge }),
  ).toThrow('rename it')
})
