import { expect, test } from 'vitest'
import { defineIntegration, type Health, type Integration, type Reporter, type TaskInput } from '../../../src/index.ts'
import {
  eventsOf,
  halfOverloaded,
  messagesBody,
  messagesHeaders,
  messagesUrl,
  nothingWrong,
  run,
  scenario,
} from './support.ts'

async function ask(prompt: string): Promise<string> {
  const response = await fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const { content } = (await response.json()) as { content: { text: string }[] } // the wire format of the Messages API
  return content[0]?.text ?? ''
}

/** An app that tells something of every task. */
function telling(tell: (report: Reporter, task: TaskInput, answer: string) => void): Integration<Reporter> {
  return defineIntegration<Reporter>({
    name: 'telling',
    start: ({ report }) => report,
    async perform(report, task) {
      const answer = await ask(task.prompt)
      tell(report, task, answer)
      return answer
    },
  })
}

/** An app whose health is this; asked every ten seconds. */
function healthy(health: () => Health | Promise<Health>): Integration<undefined> {
  return defineIntegration({ name: 'healthy', perform: (_, { prompt }) => ask(prompt), health })
}

const reportsOf = async (integration: Integration<never>, text = nothingWrong) =>
  eventsOf(await run(integration as Integration, { scenario: text }), 'app-report')

test('each hook is a line of the journal, with its task and instance', async () => {
  const reports = await reportsOf(
    telling(report => {
      report.breaker({ key: 'claude', state: 'half-open' })
      report.queue({ op: 'dead', job: 'j1', reason: 'always 400' })
      report.tool({ id: 'toolu_1', name: 'charge', effect: 'once', key: 'charge-7' })
      report.retry({ cause: '529', delayMs: 812.6, attempt: 2 })
    }) as Integration<never>,
  )

  const { task } = reports[0] ?? {}
  expect(
    reports.filter(one => one.task === task).map(({ hook, instance, detail }) => [hook, instance, detail]),
  ).toEqual([
    ['breaker', 0, { key: 'claude', state: 'half-open' }],
    ['queue', 0, { op: 'dead', job: 'j1', reason: 'always 400' }],
    ['tool', 0, { id: 'toolu_1', name: 'charge', effect: 'once', key: 'charge-7' }],
    ['retry', 0, { cause: '529', delayMs: 813, attempt: 2 }],
  ])
})

test('of what a cache holds only the marks are kept, and a key that tells too much is kept by its hash', async () => {
  const texts = (question: string, answer: string) => [
    answer,
    answer.slice(0, -20),
    '{"data":[]}',
    '  ',
    answer.replaceAll(question, 'q9999'),
  ]
  const result = await run(
    telling((report, { prompt, question }, answer) => {
      for (const text of texts(question, answer)) report.cache({ op: 'write', key: prompt, text })
      report.cache({ op: 'hit', key: `${question} sk-ant-secret`, ageMs: 10.4 })
    }),
    { scenario: nothingWrong },
  )

  const all = eventsOf(result, 'app-report')
  const details = all.filter(({ task }) => task === all[0]?.task).map(({ detail }) => detail as Record<string, unknown>)
  expect(details.map(({ answer }) => answer)).toEqual([
    'complete',
    'truncated',
    'unmarked',
    'empty',
    'foreign',
    undefined,
  ])
  expect(details[4]).toMatchObject({ question: 'q9999' })
  expect(new Set(details.slice(0, 5).map(({ key }) => key)).size).toBe(1)
  expect(details[5]).toEqual({ op: 'hit', key: expect.stringMatching(/^#[0-9a-f]{12}$/), ageMs: 10 })
  const text = all.map(one => JSON.stringify(one)).join('')
  expect(text).not.toMatch(/\[q:|\[end:|sk-ant|data/)
})

test('what is told wrongly is left out, said once, and does the app no harm', async () => {
  const wrong = (value: unknown) => value as never // as a JavaScript app would
  const result = await run(
    telling(report => {
      report.breaker(wrong({ key: 'claude', state: 'OPEN' }))
      report.cache(wrong({ op: 'write', key: 'k', text: { of: 'an object' } }))
      report.cache({ op: 'hit', key: 'k', ageMs: Number.POSITIVE_INFINITY })
      report.queue(wrong(undefined))
      report.tool(wrong({ name: 'charge' }))
      report.retry(wrong({ cause: new Error('no'), delayMs: 1, attempt: 2 }))
      report.retry({ cause: '529', delayMs: 1, attempt: 0 })
    }),
    { scenario: nothingWrong },
  )

  expect(eventsOf(result, 'app-report')).toEqual([])
  expect(result.verdict).not.toBe('fail')
  expect(result.notices.filter(notice => notice.startsWith('report.'))).toEqual([
    'report.breaker was told something else than it takes: state is a string, expected one of open, half-open, closed. That report is left out.',
    'report.cache was told something else than it takes: text is an object, expected text. That report is left out.',
    'report.cache was told something else than it takes: ageMs is a number, expected a number of ms, 0 or more. That report is left out.',
    'report.queue was told something else than it takes: missing where an object was expected. That report is left out.',
    'report.tool was told something else than it takes: id is missing, expected text that is not empty. That report is left out.',
    'report.retry was told something else than it takes: cause is an object, expected text. That report is left out.',
    'report.retry was told something else than it takes: attempt is a number, expected a whole number, 1 or more. That report is left out.',
  ])
})

test('hooks and health change nothing of a run but their own lines', async () => {
  const plain = await run(telling(() => {}))
  const told = await run({
    ...telling((report, { prompt }, text) => report.cache({ op: 'write', key: prompt, text })),
    health: () => ({ ready: true, live: true }),
  } as Integration)

  const without = told.journal.filter(({ type }) => type !== 'app-report')
  expect(without.length).toBeLessThan(told.journal.length)
  expect(without).toEqual(plain.journal)
})

test('what a process says when it is gone is not heard', async () => {
  let first: Reporter | undefined
  const result = await run(
    defineIntegration({
      name: 'haunts',
      start: ({ report }) => {
        if (first) setTimeout(() => first?.breaker({ key: 'ghost', state: 'open' }), 1_000)
        first ??= report
        return report
      },
      perform: (_, { prompt }) => ask(prompt),
    }),
    { scenario: `${nothingWrong}events:\n  - { at: quiet + 30s, restart: true }\n` },
  )

  expect(eventsOf(result, 'client-event').some(({ event }) => event === 'started')).toBe(true)
  expect(eventsOf(result, 'app-report')).toEqual([])
})

test('health is asked every ten seconds from the start of the warm-up, and only its changes are told', async () => {
  let asked = 0
  const reports = await reportsOf(healthy(() => ({ ready: asked++ < 15, live: true })) as Integration<never>)

  expect(asked).toBeGreaterThan(20)
  expect(reports.map(({ t, hook, detail }) => [t, hook, detail])).toEqual([
    [-110_000, 'health', { ready: true, live: true }],
    [40_000, 'health', { ready: false, live: true }],
  ])
})

test.each<[string, () => Promise<Health>, string]>([
  ['throws', () => Promise.reject(new TypeError('no socket')), 'TypeError'],
  [
    'throws at once',
    () => {
      throw new RangeError('no')
    },
    'RangeError',
  ],
  ['hangs', () => new Promise<Health>(() => {}), 'timeout'],
])('a health check that %s has failed, and the run goes on', async (_, health, problem) => {
  const result = await run(healthy(health) as Integration, { scenario: nothingWrong })

  expect(eventsOf(result, 'app-report').map(({ detail }) => detail)).toEqual([{ ready: false, live: false, problem }])
  expect(eventsOf(result, 'note')).toEqual([])
  expect(result.verdict).not.toBe('fail')
})

test('a health check that answers something else is left out, and said to be', async () => {
  const result = await run(healthy(() => ({ ok: true }) as never) as Integration, { scenario: nothingWrong })

  expect(eventsOf(result, 'app-report')).toEqual([])
  expect(result.notices.filter(notice => notice.startsWith('health '))).toHaveLength(1)
})

test('requests of a health check are counted, and a new process tells anew', async () => {
  const result = await run(
    healthy(async () => {
      await Promise.allSettled([ask('ping'), ask('ping'), ask('ping')])
      return { ready: true, live: true }
    }) as Integration,
    { scenario: `${nothingWrong}events:\n  - { at: quiet + 30s, restart: true }\n` },
  )

  const words = eventsOf(result, 'app-report').map(({ detail }) => detail)
  expect(words).toEqual([
    { ready: true, live: true, asks: 3 },
    { ready: true, live: true, asks: 3 },
  ])
})

const down = scenario(
  '{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }',
  '{ name: clear, for: 5m }',
)

test.each<[string, (isDown: () => boolean) => Health, string[]]>([
  ['lives on and is not ready', isDown => ({ ready: !isDown(), live: true }), []],
  ['calls itself dead', isDown => ({ ready: !isDown(), live: !isDown() }), ['fail']],
  ['calls itself ready', () => ({ ready: true, live: true }), ['warn']],
])('an app that %s while its provider is down', async (_, health, expected) => {
  let failures = 0
  const result = await run(
    defineIntegration({
      name: 'feels',
      async perform(_, { prompt }) {
        try {
          const answer = await ask(prompt)
          failures = 0
          return answer
        } catch (error) {
          failures++
          throw error
        }
      },
      health: () => health(() => failures > 2),
    }),
    { scenario: down },
  )

  const findings = result.findings.filter(({ oracle }) => oracle === 'health-tells-the-truth')
  expect(findings.map(({ severity }) => severity)).toEqual(expected)
})

test('an app that tells its own retries is told of those that its SDK makes underneath', async () => {
  const result = await run(
    defineIntegration<Reporter>({
      name: 'two-layers',
      start: ({ report }) => report,
      async perform(report, { prompt }) {
        try {
          return await ask(prompt)
        } catch {
          report.retry({ cause: '529', delayMs: 1_000, attempt: 2 })
          await new Promise(resolve => setTimeout(resolve, 1_000))
          // What a layer below would do by itself.
          return ask(prompt).catch(() => ask(prompt))
        }
      },
    }),
    { scenario: halfOverloaded },
  )

  expect(result.findings.filter(({ oracle }) => oracle === 'retries-are-visible')).toMatchObject([{ severity: 'warn' }])
})
