import { expect, test } from 'vitest'
import { type AttemptOptions, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

function callOf(attempts: readonly (AttemptOptions & { readonly at: number })[]): JournalBuilder {
  const journal = new JournalBuilder()
  const call = journal.call(0)
  for (const { at, ...options } of attempts) call.attempt(at, options)
  return journal
}

const limited = { status: 429, retryAfterMs: 30_000 }

test.each([
  [
    '10 ms early is within the slack',
    [
      { at: 0, ...limited },
      { at: 30_190, status: 200 },
    ],
    0,
  ],
  [
    '11 ms early is not',
    [
      { at: 0, ...limited },
      { at: 30_189, status: 200 },
    ],
    1,
  ],
  [
    'a retry-after on a success asks for nothing',
    [
      { at: 0, status: 200, retryAfterMs: 30_000 },
      { at: 900, status: 200 },
    ],
    0,
  ],
  [
    'another key may be asked at once',
    [
      { at: 0, ...limited },
      { at: 900, status: 200, key: 'other' },
    ],
    0,
  ],
  [
    'another provider may be asked at once',
    [
      { at: 0, ...limited },
      { at: 900, status: 200, provider: 'openai' },
    ],
    0,
  ],
  [
    'another model may be asked at once',
    [
      { at: 0, ...limited },
      { at: 900, status: 200, model: 'small' },
    ],
    0,
  ],
  [
    'going elsewhere first is no leave to come back early',
    [
      { at: 0, ...limited },
      { at: 900, status: 503, key: 'other' },
      { at: 1_500, status: 200 },
    ],
    1,
  ],
  [
    'a hedge already on its way is no retry',
    [
      { at: 0, ...limited },
      { at: 100, status: 200 },
    ],
    0,
  ],
  [
    'a 503 may name a time, too',
    [
      { at: 0, status: 503, retryAfterMs: 5_000 },
      { at: 4_000, status: 200 },
    ],
    1,
  ],
] as const)('retry-after-honoured: %s', (_, attempts, findings) => {
  expect(judge('retry-after-honoured', callOf(attempts)).findings).toHaveLength(findings)
})

test('giving up honours a retry-after, and counts as examined', () => {
  expect(judge('retry-after-honoured', callOf([{ at: 0, ...limited }]))).toMatchObject({ examined: 1, findings: [] })
})

test('the earliest retry is the first evidence', () => {
  const journal = new JournalBuilder()
  for (const waitMs of [20_000, 1_000, 10_000])
    journal
      .call(0)
      .attempt(0, limited)
      .attempt(200 + waitMs, { status: 200 })

  expect(judge('retry-after-honoured', journal).findings[0]).toMatchObject({
    phase: 'blackout',
    evidence: ['a4', 'a6', 'a2'],
    message: expect.stringContaining('a4 came after 1s where 429 had asked for 30s'),
  })
})

test.each([400, 401, 403, 404, 405, 413, 422])('a %i repeated unchanged is a finding', status => {
  expect(
    severities(
      judge(
        'no-retry-on-permanent-errors',
        callOf([
          { at: 0, status },
          { at: 700, status },
        ]),
      ),
    ),
  ).toEqual(['fail'])
})

test.each([408, 409, 429, 500, 503, 529])('a %i may be retried', status => {
  const judgement = judge(
    'no-retry-on-permanent-errors',
    callOf([
      { at: 0, status },
      { at: 700, status },
    ]),
  )

  expect(judgement).toMatchObject({ examined: 0, findings: [] })
})

test.each([
  ['another key', { key: 'other' }],
  ['another body', { bodyHash: 'shorter' }],
  ['another provider', { provider: 'openai' }],
  ['another model in the path', { model: 'small' }],
])('%s makes it another request', (_, change) => {
  const journal = callOf([
    { at: 0, status: 404 },
    { at: 700, status: 200, ...change },
  ])

  expect(judge('no-retry-on-permanent-errors', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('x-should-retry overrides the status', () => {
  const journal = callOf([
    { at: 0, status: 400, shouldRetry: true },
    { at: 700, status: 200 },
  ])

  expect(judge('no-retry-on-permanent-errors', journal).findings).toEqual([])
})

test('attempts are counted per call in the outage alone', () => {
  const journal = new JournalBuilder()
  const call = journal.call(9.9 * minute)
  // Two in the outage, four after it.
  for (let n = 0; n < 6; n++) call.overloaded(9.9 * minute + n * 4_000)

  expect(judge('retry-amplification', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('calls that need no retry bring the ratio down', () => {
  const journal = new JournalBuilder()
  const call = journal.call(0)
  for (let n = 0; n < 6; n++) call.overloaded(n * 700)
  for (let i = 0; i < 5; i++) healthyTask(journal, i * second)

  expect(judge('retry-amplification', journal)).toMatchObject({ examined: 6, findings: [] })
})

test.each([
  [2, []],
  [3, ['warn']],
  [4, ['fail']],
])('%i attempts per call', (attempts, expected) => {
  const journal = callOf(Array.from({ length: attempts }, (_, n) => ({ at: n * 700, status: 529 })))

  expect(severities(judge('retry-amplification', journal))).toEqual(expected)
})

test('a retry half a minute after its predecessor began, but at once after its end, counts', () => {
  const hanging = { headersAfter: minute, outcome: 'headers-timeout' } as const
  const journal = callOf([0, 1, 2, 3].map(n => ({ at: n * 60.5 * second, ...hanging })))

  expect(severities(judge('retry-amplification', journal))).toEqual(['fail'])
})

test('turning through keys on an overloaded provider is amplification like any other', () => {
  const journal = callOf([0, 1, 2, 3].map(n => ({ at: n * 700, status: 529, key: `key-${n}` })))

  expect(severities(judge('retry-amplification', journal))).toEqual(['fail'])
})

test('an outage that no call felt is vacuous', () => {
  const journal = new JournalBuilder()
  healthyTask(journal, second)

  expect(judge('retry-amplification', journal)).toMatchObject({
    examined: 0,
    vacuous: 'no call failed while a fault or limit was in force',
  })
})

test('the thresholds are parameters', () => {
  const journal = callOf([0, 1, 2].map(n => ({ at: n * 700, status: 529 })))

  expect(severities(judge('retry-amplification', journal, { fail_above: 2 }))).toEqual(['fail'])
})

test('laps of one outage are told in one finding, the worst first', () => {
  const down = { name: 'down', for: minute, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] }
  const journal = new JournalBuilder(
    {
      ...{ blackstart: 1, id: 'flaps', provider: 'anthropic' },
      phases: [{ repeat: { times: 3, phases: [down, { name: 'up', for: minute }] } }],
    },
    '',
  )
  for (const [lap, attempts] of [4, 6, 5].entries()) {
    const call = journal.call(lap * 2 * minute)
    for (let n = 0; n < attempts; n++) call.overloaded(lap * 2 * minute + n * 700)
  }

  const { findings } = judge('retry-amplification', journal)

  expect(findings).toMatchObject([{ phase: 'down#2', evidence: ['c2'] }])
  expect(findings[0]?.message).toContain('6 attempts for each call')
  expect(findings[0]?.message).toContain('2 other stretches like it')
})

test.each([
  [30_190, []],
  [30_189, ['fail']],
])('a retry at %i ms, told to wait 30 s from 200 ms on', (gapMs, expected) => {
  const journal = callOf([0, 1, 2, 3].map(n => ({ at: n * gapMs, headersAfter: 200, endAfter: 5_000, ...limited })))

  expect(severities(judge('retry-amplification', journal))).toEqual(expected)
})

test('a key is fresh only once', () => {
  const keys = ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']
  const journal = callOf(keys.map((key, n) => ({ at: n * 700, status: 401, key })))

  expect(severities(judge('retry-amplification', journal))).toEqual(['fail'])
})

test('another surface of one provider is another question', () => {
  const journal = callOf([
    { at: 0, status: 404, surface: 'api.count-tokens' },
    { at: 700, status: 200 },
  ])

  expect(judge('no-retry-on-permanent-errors', journal)).toMatchObject({ examined: 1, findings: [] })
})
