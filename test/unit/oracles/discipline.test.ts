import { expect, test } from 'vitest'
import { draw } from '../../../src/lib/draw.ts'
import { type AttemptOptions, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

const failing = { headersAfter: 100, outcome: 'reset' } as const

/** One call with attempts at these times. */
function oneCall(times: readonly number[], options: AttemptOptions = failing): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  const call = task.call()
  for (const t of times) call.attempt(t, options)
  task.settle((times.at(-1) ?? 0) + 200, 'failed')
  return journal
}

/** So many calls, each with these delays after the failures of its attempts. */
function delays(count: number, delay: (call: number, retry: number) => number, retries = 2): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) {
    let t = i * 2 * second
    const call = journal.call(t).attempt(t, failing)
    for (let retry = 0; retry < retries; retry++) {
      t += 100 + Math.round(delay(i, retry))
      call.attempt(t, failing)
    }
  }
  return journal
}

const every = (count: number, ms: number) => Array.from({ length: count }, (_, i) => i * ms)

test.each([
  [3, []],
  [4, ['warn']],
  [5, ['warn']],
  [6, ['fail']],
])('bounded-attempts: %i attempts of one call', (count, expected) => {
  expect(severities(judge('bounded-attempts', oneCall(every(count, 2_000))))).toEqual(expected)
})

test('bounded-attempts counts what no mean over an outage would show: one call of six among a thousand', () => {
  const journal = oneCall(every(6, 2_000))
  for (let i = 0; i < 200; i++) healthyTask(journal, i * 100)

  expect(severities(judge('bounded-attempts', journal))).toEqual(['fail'])
  expect(severities(judge('retry-amplification', journal))).toEqual([])
})

test('bounded-attempts begins anew after an answer: who asks again on purpose is no retrier', () => {
  const journal = new JournalBuilder()
  const call = journal.call(0)
  for (let i = 0; i < 20; i++) call.answered(i * 3 * second)

  expect(judge('bounded-attempts', journal)).toMatchObject({ examined: 0, vacuous: 'no attempt failed' })
})

test.each<[string, AttemptOptions, number]>([
  ['that wait as told', { status: 429, retryAfterMs: 3_000, headersAfter: 100 }, 3_200],
  ['half a minute apart', failing, 30_200],
])('bounded-attempts does not count attempts %s', (_, options, gapMs) => {
  expect(judge('bounded-attempts', oneCall(every(10, gapMs), options))).toMatchObject({ examined: 1, findings: [] })
})

test('bounded-attempts does not count hedges, which begin before anything failed', () => {
  const slow = { headersAfter: 9_000, outcome: 'headers-timeout' } as const

  expect(judge('bounded-attempts', oneCall(every(8, 1_000), slow)).findings).toEqual([])
})

test('bounded-attempts counts a fallback to another model on its own', () => {
  const journal = new JournalBuilder()
  const call = journal.call(0)
  for (const [i, model] of ['big', 'big', 'big', 'small', 'small', 'small'].entries())
    call.attempt(i * 2_000, { ...failing, model })

  expect(judge('bounded-attempts', journal)).toMatchObject({ examined: 2, findings: [] })
})

test.each([
  [4, 150, []],
  [5, 150, ['warn']],
  [6, 150, ['fail']],
  [6, 199, ['fail']],
  [6, 200, ['warn']],
  [30, 400, []],
])('no-hot-loop: %i attempts, %i ms apart', (count, apartMs, expected) => {
  expect(severities(judge('no-hot-loop', oneCall(every(count, apartMs))))).toEqual(expected)
})

test('no-hot-loop lets a client come back as soon as it was told to', () => {
  const told = { status: 429, headersAfter: 50, retryAfterMs: 50 }

  expect(judge('no-hot-loop', oneCall(every(10, 110), told))).toMatchObject({ examined: 1, findings: [] })
})

test('a call that was tried once is no loop', () => {
  expect(judge('no-hot-loop', oneCall([0])).vacuous).toBe('no call was tried twice')
})

test.each<[string, (call: number, retry: number) => number, string[]]>([
  ['the same delay', () => 2_000, ['warn']],
  ['no delay at all', () => 0, ['warn']],
  ['growing by a quarter', (_, retry) => 2_000 * 1.25 ** retry, ['warn']],
  ['growing by half', (_, retry) => 2_000 * 1.5 ** retry, []],
  ['the SDK’s own', (call, retry) => 500 * 2 ** retry * (1 - draw(1, call, retry) / 4), []],
  ['full jitter', (call, retry) => 500 * 2 ** retry * draw(2, call, retry), []],
  ['decorrelated jitter', (call, retry) => 500 + draw(3, call, retry) * (retry === 0 ? 1_000 : 2_500), []],
  ['the same, but a minute', () => 60_000, []],
])('backoff-growth: %s', (_, delay, expected) => {
  expect(severities(judge('backoff-growth', delays(60, delay)))).toEqual(expected)
})

test('backoff-growth: a loop around the SDK begins at the bottom again and again', () => {
  const nested = delays(60, (_, retry) => [500, 1_000, 2_000, 500, 1_000][retry] ?? 0, 5)

  expect(judge('backoff-growth', nested).findings[0]?.message).toContain('the 4th retry waits no longer than the 3rd')
})

test('backoff-growth needs thirty calls with two retries', () => {
  expect(
    judge(
      'backoff-growth',
      delays(29, () => 2_000),
    ).vacuous,
  ).toMatch(/fewer than 30 calls/)
  expect(
    judge(
      'backoff-growth',
      delays(100, () => 2_000, 1),
    ).examined,
  ).toBe(0)
})

test('backoff-growth: delays that the provider named are not the client’s own', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 40; i++) {
    const call = journal.call(i * second)
    for (const n of [0, 1, 2]) call.attempt(i * second + n * 5_200, { status: 429, retryAfterMs: 5_000 })
  }

  expect(judge('backoff-growth', journal).examined).toBe(0)
})

test.each<[string, (u: number) => number, string[]]>([
  ['none', () => 1_000, ['warn']],
  ['the SDK’s quarter', u => 1_000 - 250 * u, ['warn']],
  ['a fifth up or down', u => 800 + 400 * u, ['warn']],
  ['equal jitter', u => 500 + 500 * u, []],
  ['full jitter', u => 1_000 * u, []],
])('jitter-present: %s', (_, delay, expected) => {
  const journal = delays(250, call => delay(draw(4, call)), 1)

  expect(severities(judge('jitter-present', journal))).toEqual(expected)
})

test('jitter-present fails a run only where it is told to', () => {
  const stiff = delays(200, () => 1_000, 1)

  expect(severities(judge('jitter-present', stiff, { fail_below: 0.05 }))).toEqual(['fail'])
  expect(
    severities(
      judge(
        'jitter-present',
        delays(200, call => 1_000 - 250 * draw(5, call), 1),
        { fail_below: 0.05 },
      ),
    ),
  ).toEqual(['warn'])
})

test('jitter-present needs two hundred delays, and delays', () => {
  expect(
    judge(
      'jitter-present',
      delays(199, () => 1_000, 1),
    ).vacuous,
  ).toMatch(/fewer than 200/)
  expect(
    judge(
      'jitter-present',
      delays(250, () => 0, 1),
    ).examined,
  ).toBe(0)
})

test.each([
  ['a quarter of a second', 250, []],
  ['more than that', 251, ['warn']],
])('cancelled-is-cancelled: an attempt that begins after the end by %s', (_, lateMs, expected) => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task
    .call()
    .attempt(0, failing)
    .attempt(5_000 + lateMs, failing)
  task.settle(5_000, 'failed')

  expect(severities(judge('cancelled-is-cancelled', journal))).toEqual(expected)
})

test.each<[string, (journal: JournalBuilder) => void]>([
  [
    'a refresh after an answer',
    journal => {
      const task = journal.task(0)
      task.call().answered(0).answered(9_000)
      task.settle(1_500, 'ok')
    },
  ],
  [
    'a job told as queued',
    journal => {
      const task = journal.task(0)
      task.call().attempt(0, failing).attempt(9_000, failing)
      task.settle(200, 'queued')
    },
  ],
  [
    'a report of the failure to a service of one’s own',
    journal => {
      const task = journal.task(0)
      task.call().attempt(0, failing)
      task.call(2_000, { provider: 'http', surface: 'reports' }).attempt(2_000, { status: 200 })
      task.settle(200, 'failed')
    },
  ],
  [
    'a task that the scenario itself took away',
    journal => {
      const task = journal.task(0)
      task.call().attempt(0, failing).attempt(9_000, failing)
      task.settle(200, 'failed', { lostTo: 'crash' })
    },
  ],
  [
    'a patient worker',
    journal => {
      const task = journal.task(0)
      task.call().attempt(0, failing).attempt(31_000, failing)
      task.settle(200, 'failed')
    },
  ],
])('cancelled-is-cancelled has nothing against %s', (_, play) => {
  const journal = new JournalBuilder()
  play(journal)

  expect(judge('cancelled-is-cancelled', journal).findings).toEqual([])
})

/** Retries of 150 calls at these times of a ten-minute outage. */
function retriesAt(at: (i: number) => number, count = 150): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++)
    journal
      .call(i)
      .attempt(i, failing)
      .attempt(Math.round(at(i)), failing)
  return journal
}

test.each<[string, (i: number) => number, string[]]>([
  ['on the full minute', i => (1 + (i % 9)) * minute, ['warn']],
  ['within five seconds of it', i => (1 + (i % 9)) * minute + draw(6, i) * 5_000, ['warn']],
  ['anywhere', i => 1_000 + draw(7, i) * 9.9 * minute, []],
  ['all in the first minute', i => 1_000 + draw(8, i) * 50_000, []],
])('synchronisation: retries %s', (_, at, expected) => {
  expect(severities(judge('synchronisation', retriesAt(at)))).toEqual(expected)
})

test('synchronisation names the period', () => {
  const journal = retriesAt(i => (1 + (i % 12)) * 45 * second)

  expect(judge('synchronisation', journal).findings[0]?.message).toMatch(
    /^150 retries to anthropic.api.messages keep a beat of 45s/,
  )
})

test('synchronisation does not take the scenario’s own beat for the client’s', () => {
  const down = { name: 'down', for: minute, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] }
  const phases = [{ repeat: { times: 10, phases: [{ name: 'up', for: minute }, down] } }]
  const journal = new JournalBuilder({ blackstart: 1, id: 'flaps', provider: 'anthropic', phases }, '')
  for (let i = 0; i < 200; i++) {
    const t = (2 * (i % 10) + 1) * minute + draw(9, i) * 55 * second
    journal
      .call(t)
      .attempt(Math.round(t), failing)
      .attempt(Math.round(t) + 900, failing)
  }

  expect(judge('synchronisation', journal)).toMatchObject({ findings: [] })
})

test('ninety-nine retries are too few to see a beat in', () => {
  expect(
    judge(
      'synchronisation',
      retriesAt(i => (1 + (i % 9)) * minute, 99),
    ).vacuous,
  ).toMatch(/fewer than 100/)
})
