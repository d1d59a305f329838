import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { taskOfTrace } from '../../../../src/attribution/trace.ts'
import { integrationOfApp } from '../../../../src/drill/app/integration-of-app.ts'
import type { AppPerform, AppSpec } from '../../../../src/model/app.ts'
import type { TaskInput } from '../../../../src/model/integration.ts'
import { performTask } from '../../../../src/workload/perform-task.ts'

interface Got {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let server: Server
let base: string
let got: Got[]
let connections: number
let answer: (response: ServerResponse, got: Got) => void

beforeEach(async () => {
  got = []
  connections = 0
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
    got.push(one)
    answer(response, one)
  })
  server.on('connection', () => connections++)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const task: TaskInput = {
  id: 't7',
  prompt: 'Where is my parcel? [q:3]',
  question: '3',
  tenant: 'acme & sons',
  session: 's-1',
  user: 'u2',
  stream: true,
  class: 'critical',
}
const good = '[q:3] It is on its way. [end:3]'
const json = (value: unknown, status = 200) => {
  answer = response => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function integration(perform: Partial<AppPerform>, { env = {}, ...more }: Partial<AppSpec> = {}) {
  const request = { method: 'POST', url: `${base}/ask` }
  return integrationOfApp({ ...more, perform: { request, ...perform } }, { env })
}

const settled = (perform: Partial<AppPerform>, one: TaskInput = task, signal = new AbortController().signal) =>
  performTask(integration(perform), undefined, one, { signal })

describe('what is sent', () => {
  beforeEach(() => json({ text: good }))

  test('placeholders are filled in, and one that is a whole text keeps its type', async () => {
    await settled({
      request: { method: 'PUT', url: `${base}/t/{tenant}/ask?of={class}` },
      headers: { 'X-Tenant': '{tenant}', 'x-note': 'für {user}' },
      json: {
        question: '{prompt}',
        stream: '{stream}',
        note: 'is {stream}, {{user}}',
        turn: '{turn}',
        list: ['{id}', 3, null],
      },
    })

    expect(got[0]).toMatchObject({ method: 'PUT', url: '/t/acme%20%26%20sons/ask?of=critical' })
    expect(got[0]?.headers).toMatchObject({ 'x-tenant': 'acme & sons', 'x-note': 'f%C3%BCr u2' })
    expect(JSON.parse(got[0]?.body ?? '')).toEqual({
      question: task.prompt,
      stream: true,
      note: 'is true, {user}',
      list: ['t7', 3, null],
    })
  })

  test('a conversation is sent with its turns', async () => {
    const history = [{ prompt: 'Hello', answer: 'Hi' }]
    await settled({ json: { turn: '{turn}', history: '{history}' } }, { ...task, turn: 2, turns: 3, history })

    expect(JSON.parse(got[0]?.body ?? '')).toEqual({ turn: 2, history })
  })

  test('a form and a text are bodies too', async () => {
    await settled({ form: { q: '{prompt}', 'to you': '{user}' } })
    await settled({ text: 'Q: {question}' })

    expect(got.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/x-www-form-urlencoded', 'q=Where+is+my+parcel%3F+%5Bq%3A3%5D&to+you=u2'],
      ['text/plain; charset=utf-8', 'Q: 3'],
    ])
  })

  test('each request names its task in two headers, and has a connection of its own', async () => {
    await settled({})
    await settled({}, { ...task, id: 't8' })

    expect(got.map(({ headers }) => headers['blackstart-call'])).toEqual(['t7', 't8'])
    expect(got.map(({ headers }) => taskOfTrace(String(headers['traceparent']).split('-')[1] ?? ''))).toEqual([
      't7',
      't8',
    ])
    expect(got.map(({ headers }) => headers.connection)).toEqual(['close', 'close'])
    expect(connections).toBe(2)
  })

  test('a variable of the environment is filled in, and one that is not there is told before anything is asked', async () => {
    const app = integration({ headers: { authorization: 'Bearer {env.TOKEN}' } }, { env: { TOKEN: 'abc' } })
    await performTask(app, undefined, task, { signal: new AbortController().signal })

    expect(got[0]?.headers.authorization).toBe('Bearer abc')
    expect(() => integration({ headers: { authorization: '{env.TOKNE}' } }, { env: { TOKEN: 'abc' } })).toThrow(
      'The config names {env.TOKNE}, and there is no such variable in the program’s environment.',
    )
  })
})

describe('what an answer means', () => {
  test.for<[string, unknown, string | undefined]>([
    ['a text at its path', { answer: { text: good } }, 'answer.text'],
    [
      'a list of parts at its path',
      { choices: [{ parts: [{ text: '[q:3] It ' }, { text: 'is. [end:3]' }] }] },
      'choices[0].parts',
    ],
    ['the text of the whole body', { text: good }, undefined],
    ['marks anywhere in the body', { reply: { says: good } }, undefined],
  ])('%s settles the task', async ([, body, path]) => {
    json(body)

    expect(await settled(path === undefined ? {} : { answer: path })).toEqual({
      outcome: 'ok',
      claimed: false,
      answer: 'complete',
    })
  })

  test('nothing at the path is no answer', async () => {
    json({ answer: { txt: good } })

    expect(await settled({ answer: 'answer.text' })).toMatchObject({ outcome: 'not-an-answer', answer: 'none' })
  })

  test('a stream of events is its text, whole or at the path of each event', async () => {
    const events = [
      '{"delta":"[q:3] It is "}',
      '{"ping":1}',
      '{"delta":"here. [end:3]"}',
      '{"status":"cached"}',
      '[DONE]',
    ]
    answer = response => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      for (const event of events) response.write(`data: ${event}\n\n`)
      response.end()
    }

    expect(await settled({ answer: 'delta' })).toMatchObject({ outcome: 'ok', answer: 'complete' })
    expect(await settled({})).toMatchObject({ outcome: 'ok', answer: 'complete' })
    expect(await settled({ answer: 'delta', outcome: { path: 'status', map: { cached: 'degraded' } } })).toMatchObject({
      outcome: 'degraded',
      claimed: true,
      answer: 'complete',
    })
  })

  test('lines of JSON are a stream as well, and plain text is text', async () => {
    const body = ['{"t":"[q:3] a"}', '{"t":" b [end:3]"}'].join('\n')
    answer = response => response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(body)
    expect(await settled({ answer: 't' })).toMatchObject({ answer: 'complete' })

    answer = response => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${good}</p>`)
    expect(await settled({})).toMatchObject({ answer: 'complete' })
  })

  test("the app's own word is taken, by its own names or by ours", async () => {
    const says = {
      answer: 'text',
      outcome: { path: 'status', map: { cached: 'degraded', '*': 'ok' } },
      source: { header: 'X-Cache', map: { HIT: 'cache', MISS: 'live' } },
      labelled: { path: 'stale' },
      age: { path: 'age' },
    } as const
    answer = response =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-cache': 'HIT' })
        .end(JSON.stringify({ text: good, status: 'cached', stale: true, age: '1m30s' }))
    expect(await settled(says)).toEqual({
      ...{ outcome: 'degraded', claimed: true, answer: 'complete' },
      ...{ source: 'cache', labelled: true, ageMs: 90_000 },
    })

    json({ text: good, status: 'fresh', age: 2.5 })
    expect(await settled(says)).toEqual({ outcome: 'ok', claimed: true, answer: 'complete', ageMs: 2_500 })
    expect(await settled({ answer: 'text', outcome: { path: 'gone', map: { '*': 'queued' } } })).toMatchObject({
      outcome: 'queued',
    })
  })

  test('a word that means nothing to the config is a failure that says so', async () => {
    json({ text: good, status: 'splendid' })
    const thrown: unknown[] = []
    const app = integration({ outcome: { path: 'status' } })

    const result = await performTask(app, undefined, task, {
      signal: new AbortController().signal,
      onThrown: error => thrown.push(error),
    })

    expect(result).toMatchObject({ outcome: 'failed', error: 'UnknownOutcome' })
    expect(String(thrown[0])).toContain('The answer says "splendid" at status, which perform.outcome does not know.')
  })

  test.for([400, 429, 500, 503])('status %i is an honest failure', async status => {
    json({ text: good, status: 'ok' }, status)

    expect(await settled({ outcome: { path: 'status' } })).toEqual({
      ...{ outcome: 'failed', claimed: false, answer: 'none', error: `Http${status}` },
    })
  })
})

describe('what goes wrong on the way', () => {
  test('an app that crashes in its answer has failed the task', async () => {
    answer = response => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' })
      response.write(good, () => response.destroy())
    }
    expect(await settled({})).toMatchObject({ outcome: 'failed', error: 'AppConnectionLost' })

    answer = response => response.destroy()
    expect(await settled({})).toMatchObject({ outcome: 'failed', error: 'AppConnectionLost' })
  })

  test('an app that is down has failed it', async () => {
    const perform = integration({})
    server.close()
    const result = await performTask(perform, undefined, task, { signal: new AbortController().signal })

    expect(result).toMatchObject({ outcome: 'failed', error: 'AppUnreachable' })
  })

  test('a deadline holds for the headers and for the body', async () => {
    answer = () => {}
    expect(await settled({ within: 60 })).toMatchObject({ outcome: 'failed', error: 'TimeoutError' })

    answer = response => response.writeHead(200).write(good)
    expect(await settled({ within: 60 })).toMatchObject({ outcome: 'failed', error: 'TimeoutError' })
  })

  test('who goes away ends the request', async () => {
    const closed = new Promise<void>(resolve => {
      answer = response => response.on('close', resolve)
    })
    const result = await settled({}, task, AbortSignal.timeout(50))

    expect(result).toMatchObject({ outcome: 'failed', error: 'AbortError' })
    await closed
  })
})

test('jobs are handed in and listed in our words', async () => {
  const app = integrationOfApp(
    {
      perform: { request: { method: 'POST', url: `${base}/ask` } },
      jobs: {
        submit: { request: { method: 'POST', url: `${base}/jobs` }, json: { ask: '{prompt}' }, id: 'job.id' },
        list: {
          request: { method: 'GET', url: `${base}/jobs` },
          ...{ jobs: 'items', id: 'key', attempts: 'tries', states: { waiting: 'queued', lost: 'dead' } },
        },
      },
    },
    { env: {} },
  )
  answer = (response, { method }) =>
    response.end(
      JSON.stringify(
        method === 'POST'
          ? { job: { id: 41 } }
          : {
              items: [
                { key: 41, state: 'waiting', tries: 2 },
                { key: 42, state: 'lost' },
                { key: 43, state: 'done' },
              ],
            },
      ),
    )

  expect(await app.jobs?.submit(undefined, task)).toBe(41)
  expect(got[0]).toMatchObject({ body: JSON.stringify({ ask: task.prompt }) })
  expect(got[0]?.headers['blackstart-call']).toBe('t7')
  expect(await app.jobs?.list(undefined)).toEqual([
    { id: 41, state: 'queued', attempts: 2 },
    { id: 42, state: 'dead', attempts: undefined },
    { id: 43, state: 'done', attempts: undefined },
  ])
  expect(got[1]?.headers).not.toHaveProperty('blackstart-call')
})
