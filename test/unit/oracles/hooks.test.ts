import { expect, test } from 'vitest'
import type { JournalEvent, Outcome } from '../../../src/journal/event.ts'
import { healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import {
  charges,
  crashes,
  drains,
  expires,
  feels,
  flapping,
  signsIn,
  stores,
  struckOff,
  told,
} from '../../support/journals/hooks.ts'
import { judge, severities } from './support.ts'

test('what is told by hooks is read with its task, and the warm-up’s is kept apart by its time', () => {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  told(journal, -second, 'cache', { op: 'write', key: 'k', answer: 'complete', question: 'q7' })
  told(journal, second, 'tool', { id: 'call-1', name: 'charge', effect: 'once' }, task)

  const { reports, tasks } = journal.view()

  expect(reports.caches).toEqual([
    { t: -second, instance: 0, op: 'write', key: 'k', answer: 'complete', question: 'q7' },
  ])
  expect(reports.tools).toEqual([
    { t: second, instance: 0, task: tasks[0], id: 'call-1', name: 'charge', effect: 'once' },
  ])
})

test.each([
  ['three times', 3, {}, []],
  ['four times', 4, {}, ['warn']],
  ['four times, where five are allowed', 4, { at_most: 5 }, []],
])('breaker-does-not-flap: %s in ten of its open times', (_, times, params, expected) => {
  expect(severities(judge('breaker-does-not-flap', flapping(times), params))).toEqual(expected)
})

test('breaker-does-not-flap: a probe that fails is no new opening, and a breaker that never closed again is not judged', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 10; i++) {
    told(journal, minute + i * 20 * second, 'breaker', { key: 'claude', state: 'open' })
    told(journal, minute + i * 20 * second + 10 * second, 'breaker', { key: 'claude', state: 'half-open' })
  }

  expect(judge('breaker-does-not-flap', journal)).toMatchObject({ examined: 1, findings: [] })
  expect(judge('breaker-does-not-flap', flapping(4, 'half-open')).examined).toBe(0)
})

test('breaker-does-not-flap: where half of the attempts fail any breaker opens again and again', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 6; i++) {
    const t = minute + i * 20 * second
    for (const status of [200, 529]) {
      const task = journal.task(t - second)
      task.call().attempt(t - second, { status })
      task.settle(t - 700, status === 200 ? 'ok' : 'failed')
    }
    told(journal, t, 'breaker', { key: 'claude', state: 'open' })
    told(journal, t + 10 * second, 'breaker', { key: 'claude', state: 'closed' })
  }

  expect(severities(judge('breaker-does-not-flap', journal))).toEqual([])
})

test.each([
  ['complete', []],
  ['truncated', ['fail']],
  ['empty', ['fail']],
  ['unmarked', ['fail']],
] as const)('cache-holds-only-answers: a text that is %s', (answer, expected) => {
  expect(severities(judge('cache-holds-only-answers', stores(answer)))).toEqual(expected)
})

test('cache-holds-only-answers: what the app stores in good health is usual, and what is mended at once is not held', () => {
  const usual = stores('unmarked')
  told(usual, -minute, 'cache', { op: 'write', key: 'list-of-models', answer: 'unmarked' })
  const mended = new JournalBuilder()
  for (const [t, answer] of [
    [second, 'truncated'],
    [2 * second, 'complete'],
  ] as const)
    told(mended, t, 'cache', { op: 'write', key: 'k', answer })
  const unknown = new JournalBuilder()
  told(unknown, second, 'cache', { op: 'write', key: 'k', answer: 'unmarked' })

  expect(severities(judge('cache-holds-only-answers', usual))).toEqual([])
  expect(severities(judge('cache-holds-only-answers', mended))).toEqual([])
  expect(judge('cache-holds-only-answers', unknown).examined).toBe(0)
})

test('cache-holds-only-answers: half an answer to who asked nobody is told without a hook, unless another was just being sent it', () => {
  const half = (otherMs: number) => {
    const journal = new JournalBuilder()
    const first = journal.task(otherMs, { question: 'q9' })
    first.call().attempt(otherMs, { status: 200, endAfter: 900, outcome: 'cut', bytes: 240 })
    first.settle(otherMs + 900, 'failed')
    journal.task(minute, { question: 'q9' }).settle(minute + 300, 'truncated')
    return severities(judge('cache-holds-only-answers', journal))
  }

  expect(half(30 * second)).toEqual(['fail'])
  expect(half(minute - 500)).toEqual([])
})

test('cache-freshness: the age of a hit counts where the app has no settle', () => {
  const aged = (ageMs: number) => {
    const journal = new JournalBuilder()
    const task = journal.task(second)
    told(journal, second, 'cache', { op: 'hit', key: 'k', ageMs }, task)
    task.settle(second + 5, 'ok')
    return severities(judge('cache-freshness', journal))
  }

  expect([aged(minute), aged(6 * minute), aged(25 * 60 * minute)]).toEqual([[], ['warn'], ['fail']])
})

test('retries-are-visible: a report of another task is none, one from outside of all tasks is, and serves one retry', () => {
  const journal = new JournalBuilder()
  const tasks = [0, 1, 2].map(i => {
    const task = journal.task(second + i)
    task
      .call()
      .overloaded(second + i)
      .overloaded(3 * second + i)
    return task
  })
  told(journal, 2 * second, 'retry', { cause: '529', delayMs: 1_000, attempt: 2 }, tasks[0])
  told(journal, 2 * second, 'retry', { cause: '529', delayMs: 1_000, attempt: 2 })

  expect(judge('retries-are-visible', journal)).toMatchObject({ examined: 3, findings: [{ evidence: ['a6'] }] })
})

test('retries-are-visible: an app without the hook, and a queue that takes a job again, are not judged', () => {
  const silent = new JournalBuilder()
  silent.task(0).call().overloaded(0).overloaded(2_000)
  const patient = new JournalBuilder()
  told(patient, second, 'retry', { cause: '529', delayMs: 1_000, attempt: 2 })
  patient.task(0).call().overloaded(0).overloaded(40_000)

  expect(judge('retries-are-visible', silent).vacuous).toBe('the app told of no retry')
  expect(judge('retries-are-visible', patient).vacuous).toBe('nothing was tried again')
})

test('retries-are-visible: a job that is taken up again, and what a new process sends, are no retries that the app knows of', () => {
  const journal = new JournalBuilder()
  told(journal, 0, 'retry', { cause: '529', delayMs: 1_000, attempt: 2 })
  journal
    .job(second)
    .call(second)
    .overloaded(second)
    .overloaded(5 * second)
  journal
    .task(minute)
    .call(minute)
    .overloaded(minute)
    .overloaded(minute + 9 * second)
  journal.add({ type: 'client-event', t: minute + 3 * second, event: 'crash', instance: 0 })

  expect(judge('retries-are-visible', journal).vacuous).toBe('nothing was tried again')
})

test.each<[string, [number, boolean, boolean][], string[]]>([
  [
    'not live for 20 s',
    [
      [70, false, false],
      [90, false, true],
      [640, true, true],
    ],
    [],
  ],
  [
    'not live for 30 s',
    [
      [70, false, false],
      [100, false, true],
      [640, true, true],
    ],
    ['fail'],
  ],
  [
    'not live from before the outage',
    [
      [-30, false, false],
      [70, false, true],
      [640, true, true],
    ],
    [],
  ],
  [
    'not live only after it',
    [
      [75, false, true],
      [700, false, false],
      [731, true, true],
    ],
    [],
  ],
  [
    'not ready, and ready again in time',
    [
      [75, false, true],
      [715, true, true],
    ],
    [],
  ],
  ['not ready until the end', [[75, false, true]], ['fail']],
  ['ready all the while', [], ['warn']],
])('health-tells-the-truth: %s', (_, changes, expected) => {
  expect(severities(judge('health-tells-the-truth', feels(...changes)))).toEqual(expected)
})

test('health-tells-the-truth: ready while a fallback serves is true, and a check that retries is told', () => {
  const served = feels()
  for (let t = 2 * second; t < 10 * minute; t += 30 * second)
    served.task(t).settle(t + 5, 'degraded', { claimed: true })
  const greedy = feels([75, false, true], [640, true, true])
  told(greedy, 76 * second, 'health', { ready: false, live: true, asks: 3 })

  expect(severities(judge('health-tells-the-truth', served))).toEqual([])
  expect(judge('health-tells-the-truth', greedy).findings).toMatchObject([
    { severity: 'warn', message: expect.stringContaining('made 3 requests') },
  ])
})

test('health-tells-the-truth has nothing to say without health, nor without an outage', () => {
  expect(judge('health-tells-the-truth', crashes(true)).vacuous).toBe('the client module has no `health`')
})

test.each<[string, Parameters<typeof charges>, string[]]>([
  ['the same key', ['k', 'k'], ['fail']],
  ['the same key, not said to matter', ['k', 'k', {}], ['warn']],
  ['the same key of what changes nothing', ['k', 'k', { effect: 'none' }], []],
  ['another key', ['k', 'l'], []],
  ['another key for the same call', ['k', 'l', { effect: 'once', id: 'call-1' }], ['fail']],
  ['no key, after a failed turn', [undefined, undefined], ['warn']],
])('tool-runs-once: %s', (_, run, expected) => {
  expect(severities(judge('tool-runs-once', charges(...run)))).toEqual(expected)
})

test('tool-runs-once: a key that another task uses, too, is no name of one change', () => {
  const journal = charges('charge', 'charge')
  const other = journal.task(minute)
  told(journal, minute, 'tool', { id: 'call-9', name: 'charge', effect: 'once', key: 'charge' }, other)

  expect(severities(judge('tool-runs-once', journal))).toEqual([])
})

/** A tool told after a good turn in one task, and around the end of a broken one in another. */
function toolAround(t: number, outcome: Outcome = 'ok', effect = 'once'): JournalBuilder {
  const journal = new JournalBuilder()
  for (const isBroken of [false, true]) {
    const from = isBroken ? minute : second
    const task = journal.task(from, { streaming: true })
    const end = isBroken ? ({ outcome: 'stream-error', bytes: 240 } as const) : {}
    task.call().attempt(from, { status: 200, headersAfter: 200, endAfter: 3_000, ...end })
    told(journal, isBroken ? minute + t : from + 3_500, 'tool', { id: 'c', name: 'charge', effect }, task)
    task.settle(from + 9_000, outcome)
  }
  return journal
}

test.each<[string, number, Outcome, string, string[]]>([
  ['after the answer had broken off', 4_000, 'ok', 'once', ['fail']],
  ['before it broke off', 2_000, 'ok', 'once', ['fail']],
  ['after it, in a task that failed', 4_000, 'failed', 'once', []],
  ['after it, and changing nothing', 4_000, 'ok', 'none', []],
])('partial-tool-call-not-executed: a tool told %s', (_, t, outcome, effect, expected) => {
  expect(severities(judge('partial-tool-call-not-executed', toolAround(t, outcome, effect)))).toEqual(expected)
})

test('credentials-survive: who lost the answer to a sign-in may have lost the token with it', () => {
  const journal = signsIn({ isBack: false, atOnce: 1 })
  const task = journal.task(6 * minute)
  task.call(6 * minute, { surface: 'login' }).attempt(6 * minute, { outcome: 'reset', processed: 'lost' })

  expect(judge('credentials-survive', journal).examined).toBe(0)
})

test('credentials-survive: users who are answered again clear their instance; one user left out does not pass', () => {
  const journal = signsIn({ isBack: true, atOnce: 1 })
  for (let i = 0; i < 5; i++) {
    const t = 13 * minute + i * 10 * second
    const out = journal.task(t, { user: 77 })
    out.call().attempt(t, { status: 401 })
    out.settle(t + 300, 'failed')
  }

  expect(judge('credentials-survive', journal).findings).toMatchObject([
    { severity: 'fail', message: expect.stringContaining('1 user of instance 0') },
  ])
})

test.each([
  ['one 404', 404, 1, ['fail']],
  ['nine 404', 404, 9, ['fail']],
  ['two 500', 500, 2, ['fail']],
  // A breaker that is stuck is another matter.
  ['nine 529', 529, 9, []],
])('model-comes-back: never asked for again after %s', (_, status, times, expected) => {
  expect(severities(judge('model-comes-back', struckOff(false, status, times)))).toEqual(expected)
})

test('model-comes-back: a substitute that serves well is judged elsewhere', () => {
  const journal = new JournalBuilder().warmUp(20)
  journal.task(minute).call().attempt(minute, { status: 404 })
  for (let i = 0; i < 20; i++) {
    const t = 12 * minute + (1 + i) * 5 * second
    const task = journal.task(t)
    task.call(t, { model: 'haiku' }).answered(t)
    task.settle(t + 1_500, 'ok')
  }

  expect(judge('model-comes-back', journal)).toMatchObject({ findings: [] })
})

test('queue oracles see the jobs of an app that has the hook alone', () => {
  const { jobs } = crashes(true).view()

  expect(jobs.map(({ id, doneMs, goneMs }) => [id, doneMs !== undefined, goneMs])).toEqual([
    ['job-t2', true, undefined],
    ['job-t3', true, undefined],
    ['job-t4', true, undefined],
    ['job-t5', true, undefined],
  ])
  expect(severities(judge('none-lost', crashes(true)))).toEqual([])
  expect(severities(judge('none-lost', crashes(false)))).toEqual(['fail'])
})

test('a job of the hook is only forgotten once three of later are done and five minutes are over', () => {
  const events = crashes(false).events(14 * minute)
  const lastDone = (event: JournalEvent) => event.type === 'app-report' && event.t > 9.6 * minute
  const judgeEvents = (endMs: number) => judge('none-lost', crashes(false), {}, endMs)

  expect(events.some(lastDone)).toBe(true)
  expect(severities(judgeEvents(14 * minute))).toEqual([])
  expect(severities(judgeEvents(15 * minute))).toEqual(['fail'])
})

test('what the hook says of a listed job is added to it: an end that the list did not show is no loss', () => {
  const journal = new JournalBuilder()
  const job = journal.job(second, { gone: minute })
  told(journal, 50 * second, 'queue', { op: 'dead', job: `j-${job.started.task}`, reason: '400' })

  expect(journal.view().jobs[0]).toMatchObject({ deadMs: 50 * second, goneMs: minute })
  expect(severities(judge('none-lost', journal))).toEqual([])
})

test('queue-survives-restart: jobs that were done before the process ended, or answered since, are not lost', () => {
  const journal = new JournalBuilder()
  journal.job(second, { done: 30 * second })
  const answered = journal.job(2 * second, { gone: 12 * minute })
  answered.call(11 * minute).answered(11 * minute)
  journal.job(3 * second, { gone: 4 * minute })
  journal.add({ type: 'client-event', t: minute, event: 'crash', instance: 0 })

  expect(judge('queue-survives-restart', journal)).toMatchObject({ examined: 2, findings: [{ evidence: ['t3'] }] })
})

test('queue-is-fair: a class that waits while others are served', () => {
  expect(judge('queue-is-fair', drains(3 * minute)).findings.map(({ message }) => message)).toEqual([
    expect.stringContaining('95% of the 6 critical jobs'),
    expect.stringContaining('no critical job was done for 3m'),
  ])
  expect(judge('queue-is-fair', drains(0), { first: 'urgent' }).vacuous).toContain('0 urgent jobs and 12 others')
})

test.each([
  ['expired', ['fail']],
  ['dead', ['fail']],
  // Its task may be answered without the queue.
  ['rejected', []],
])('expired-work-not-run: an attempt for a job that was %s', (op, expected) => {
  expect(severities(judge('expired-work-not-run', expires(true, op)))).toEqual(expected)
})

test('expired-work-not-run: a job that was taken in again is alive, and a ttl of the scenario’s needs no word of the app', () => {
  const again = expires(true)
  told(again, 10 * minute, 'queue', { op: 'accepted', job: 'job-1' })
  const old = new JournalBuilder()
  old
    .job(second, { done: 12 * minute })
    .call(11 * minute)
    .answered(11 * minute)
  healthyTask(old, 12 * minute)

  expect(severities(judge('expired-work-not-run', again))).toEqual([])
  expect(judge('expired-work-not-run', old).vacuous).toBe('no job was told to be given up')
  expect(severities(judge('expired-work-not-run', old, { ttl: 5 * minute }))).toEqual(['fail'])
  expect(severities(judge('expired-work-not-run', old, { ttl: 12 * minute }))).toEqual([])
})

test('health-tells-the-truth: an app that was cut off from everything is not asked how it felt', () => {
  const journal = feels()
  journal.add({ type: 'client-event', t: 30_000, event: 'offline' })
  journal.add({ type: 'client-event', t: 580_000, event: 'online' })

  expect(severities(judge('health-tells-the-truth', journal))).toEqual([])
})
