import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, run } from '../run/support.ts'
import { ask, expectAttributed, rough, saysOk, unmarked } from './support.ts'

/** Lets the app's own background code, which knows no task's context, do what it is given. */
function outside() {
  const jobs: (() => void)[] = []
  setInterval(() => {
    for (const job of jobs.splice(0)) job()
  }, 500)
  return { do: <T>(work: () => Promise<T>) => new Promise<T>((ok, no) => jobs.push(() => void work().then(ok, no))) }
}

/** Trace ids are 16 bytes, as the W3C's Trace Context has them. */
const traceparent = (n: number) => `00-${n.toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`

test('a blackstart-call header names the task', async () => {
  const sent: string[] = []

  const result = await run(
    defineIntegration({
      name: 'header',
      start: outside,
      perform: (app, { id }) =>
        app.do(() => {
          sent.push(id)
          return ask(unmarked, { headers: { 'blackstart-call': id } })
        }),
      settle: saysOk,
    }),
    { scenario: rough(50) },
  )

  expectAttributed(result, sent, 'header')
})

test('a header wins over the context and the mark it came with', async () => {
  const sent: string[] = []
  let newest: { id: string; prompt: string } | undefined

  const result = await run(
    {
      name: 'for-others',
      async perform(_, { id, prompt }) {
        newest ??= { id, prompt }
        const about = newest
        newest = { id, prompt }
        await new Promise(go => setTimeout(go, 1))
        sent.push(id)
        return ask(about.prompt, { headers: { 'blackstart-call': id } })
      },
      settle: saysOk,
    },
    { scenario: rough(500), users: 6 },
  )

  expectAttributed(result, sent, 'header')
})

test('a header that names no open task is as good as none', async () => {
  const sent: string[] = []

  const result = await run(
    {
      name: 'strange-header',
      perform(_, { id, prompt }) {
        sent.push(id)
        return ask(prompt, { headers: { 'blackstart-call': 'order-7', traceparent: 'garbage' } })
      },
    },
    { scenario: rough(50) },
  )

  expectAttributed(result, sent, 'context')
})

test('a trace that began in a task is followed into code that knows no task', async () => {
  const sent: string[] = []
  let traces = 0

  const result = await run(
    defineIntegration({
      name: 'traced',
      start: outside,
      async perform(app, { id, prompt }) {
        const headers = { traceparent: traceparent(++traces) }
        sent.push(id)
        await ask(prompt, { headers }).catch(() => {})
        return app.do(() => {
          sent.push(id)
          return ask(unmarked, { headers })
        })
      },
      settle: saysOk,
    }),
    { scenario: rough(50) },
  )

  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.map(({ task }) => task)).toEqual(sent)
  expect(attempts.filter(({ attributedBy }) => attributedBy === 'context')).toHaveLength(traces)
  expect(attempts.filter(({ attributedBy }) => attributedBy === 'header')).toHaveLength(traces)
})

test('one trace over many tasks does not mix up their questions', async () => {
  const sent: string[] = []

  const result = await run(
    {
      name: 'one-trace',
      perform(_, { id, prompt }) {
        sent.push(id)
        return ask(prompt, { headers: { traceparent: traceparent(1) } })
      },
    },
    { scenario: rough(500), users: 6, thinkMs: 3_000 },
  )

  expectAttributed(result, sent, 'context')
})
