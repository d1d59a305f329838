import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { answerState, drain, textOf } from '../../../src/workload/answer.ts'

async function* each<T>(...parts: T[]) {
  yield* parts
}

/** A stream of these bytes or strings, piece by piece. */
function streamOf<T>(...parts: T[]): ReadableStream<T> {
  return new ReadableStream<T>({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
}

const textDelta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })

/** A whole stream of the Messages API, as an SDK gives its events. */
const sdkEvents = [
  { type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  textDelta('[q:q1] Open '),
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
  textDelta('settings. [end:q1]'),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
]

const sse = (end: string, ...events: object[]) =>
  events.map(event => `event: message${end}data: ${JSON.stringify(event)}${end}${end}`).join('')

test.each<[string, unknown, string | undefined]>([
  ['a string', 'Yes.', 'Yes.'],
  ['an empty string', '', ''],
  ['an object with text', { text: 'Yes.' }, 'Yes.'],
  [
    'content blocks',
    {
      content: [
        { type: 'text', text: 'Yes, ' },
        { type: 'text', text: 'do.' },
      ],
    },
    'Yes, do.',
  ],
  [
    'text beside a tool call',
    {
      content: [
        { type: 'tool_use', input: {} },
        { type: 'text', text: 'Yes.' },
      ],
    },
    'Yes.',
  ],
  ['a tool call alone', { content: [{ type: 'tool_use', id: 'x', name: 'y', input: {} }] }, undefined],
  ['no content', { content: [] }, undefined],
  ['content that is a string', { role: 'assistant', content: 'Yes.' }, 'Yes.'],
  ["a stream's delta", textDelta('Yes.'), 'Yes.'],
  ['an object without text', { status: 'done', text: 5 }, undefined],
  ['a number', 42, undefined],
  ['nothing', undefined, undefined],
  ['null', null, undefined],
])('the text of %s', async (_, value, text) => {
  expect(textOf(value)).toBe(text)
  expect(await drain(value)).toEqual({ text, value, failed: false })
})

test.each<[string, () => unknown, string]>([
  ['an async iterable of strings', () => each('Yes', ', ', 'do.'), 'Yes, do.'],
  ['an async iterable of SDK events', () => each(...sdkEvents), '[q:q1] Open settings. [end:q1]'],
  ['an async iterable without text', () => each<unknown>({ type: 'ping' }, 7, null), ''],
  ['an async iterable of nothing', () => each(), ''],
  ['a ReadableStream of strings', () => streamOf('Yes', ', do.'), 'Yes, do.'],
  ['a Node stream of buffers', () => Readable.from([Buffer.from('Yes'), Buffer.from(', do.')]), 'Yes, do.'],
])('%s is read to its end, and its text handed on', async (_, value, text) => {
  expect(await drain(value())).toEqual({ text, value: text, failed: false })
})

test('a code point split over two chunks of bytes comes out whole', async () => {
  const bytes = new TextEncoder().encode('größer 😀 ✓')
  const inTwo = (at: number) => streamOf(bytes.slice(0, at), bytes.slice(at))
  const oneByOne = streamOf(...[...bytes].map(byte => Uint8Array.of(byte)))

  for (let at = 1; at < bytes.length; at++) expect((await drain(inTwo(at))).text).toBe('größer 😀 ✓')
  expect((await drain(oneByOne)).text).toBe('größer 😀 ✓')
})

test('bytes that end inside a code point leave a mark of it', async () => {
  const bytes = new TextEncoder().encode('ab✓')

  expect((await drain(streamOf(bytes.slice(0, 4)))).text).toBe('ab\uFFFD')
})

test.each<[string, Response, string]>([
  ['a JSON message', Response.json({ content: [{ type: 'text', text: 'Yes.' }] }), 'Yes.'],
  ['a JSON string', Response.json('Yes.'), 'Yes.'],
  ['other JSON', Response.json({ reply: 'Yes.' }), '{"reply":"Yes."}'],
  ['broken JSON', new Response('{"text":"Ye', { headers: { 'content-type': 'application/json' } }), '{"text":"Ye'],
  ['plain text', new Response('Yes.'), 'Yes.'],
  ['no body', new Response(null, { status: 204 }), ''],
])('the text of a Response with %s', async (_, response, text) => {
  expect(await drain(response)).toEqual({ text, value: text, failed: false })
})

test.each(['\n', '\r\n'])('the text of a Response with server-sent events, lines ended by %j', async end => {
  const response = new Response(sse(end, ...sdkEvents), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  })

  expect((await drain(response)).text).toBe('[q:q1] Open settings. [end:q1]')
})

test('server-sent events of plain text keep their spaces, and lose their end sign', async () => {
  const body = 'data: Yes\n\ndata:, do\n\ndata:  it.\n\n: comment\n\ndata: [DONE]\n\n'
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })

  expect((await drain(response)).text).toBe('Yes, do it.')
})

test.each([400, 429, 500, 529])('a Response of status %i has failed', async status => {
  const response = Response.json({ type: 'error', error: { type: 'overloaded_error' } }, { status })

  expect((await drain(response)).failed).toBe(true)
})

test('a Response of another library is one too', async () => {
  const foreign = { status: 200, headers: new Headers({ 'content-type': 'text/plain' }), text: async () => 'Yes.' }

  expect(await drain(foreign)).toEqual({ text: 'Yes.', value: 'Yes.', failed: false })
})

test('what breaks while it is read rejects with what broke it', async () => {
  async function* broken() {
    yield '[q:q1] Op'
    throw new RangeError('torn')
  }
  const torn = () => new ReadableStream({ start: controller => controller.error(new RangeError('torn')) })

  await expect(drain(broken())).rejects.toThrow(RangeError)
  await expect(drain(torn())).rejects.toThrow(RangeError)
  await expect(drain(new Response(torn()))).rejects.toThrow()
})

test.each([
  ['[q:q1] Yes. [end:q1]', 'complete'],
  ['So: [q:q1] Yes. [end:q1] Anything else?', 'complete'],
  ['[q:q1] Yes, bu', 'truncated'],
  ['[q:q1] Yes. [end:q2]', 'truncated'],
  ['Yes. [end:q1]', 'foreign'],
  ['[q:q2] No. [end:q2]', 'foreign'],
  ['[q:q10] No. [end:q10]', 'foreign'],
  ['Sorry, try again later.', 'unmarked'],
  ['  \n', 'empty'],
  ['', 'empty'],
  [undefined, 'none'],
])('as an answer to q1, %j is %s', (text, state) => {
  expect(answerState(text, 'q1')).toBe(state)
})
