import { expect, test } from 'vitest'
import { answerState, drain, textOf } from '../../../src/workload/answer.ts'

const whole = '[q:q1] Because. [end:q1]'

async function* inParts(...parts: unknown[]) {
  yield* parts
}

const bytes = (text: string) => new TextEncoder().encode(text)

test.each<[string, unknown]>([
  ['a string', whole],
  ['an object with text', { text: whole, from: 'live' }],
  [
    "a message's content",
    {
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: whole },
      ],
    },
  ],
  [
    'content in blocks',
    {
      content: [
        { type: 'text', text: '[q:q1] Because. ' },
        { type: 'text', text: '[end:q1]' },
      ],
    },
  ],
  ['an async iterable of text', inParts('[q:q1] ', 'Because. ', '[end:q1]')],
  [
    'the events of a stream',
    inParts(
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: whole } },
      { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    ),
  ],
  ['a ReadableStream of strings', ReadableStream.from(['[q:q1] Because.', ' [end:q1]'])],
  ['a ReadableStream of bytes', ReadableStream.from([bytes('[q:q1] Because.'), bytes(' [end:q1]')])],
  ['a Response of JSON', Response.json({ text: whole })],
  ['a Response of a message', Response.json({ content: [{ type: 'text', text: whole }] })],
  ['a Response of plain text', new Response(whole)],
  [
    'a Response of events',
    new Response(
      `event: a\ndata: ${JSON.stringify({ delta: { text: '[q:q1] Because. ' } })}\n\ndata: ${JSON.stringify({ text: '[end:q1]' })}\n\n`,
      { headers: { 'content-type': 'text/event-stream' } },
    ),
  ],
  [
    'a Response of events that are plain text',
    new Response('data: [q:q1] Because. \n\ndata: [end:q1]\n\n', { headers: { 'content-type': 'text/event-stream' } }),
  ],
  [
    'the Response of another realm',
    { status: 200, headers: new Map([['content-type', 'text/plain']]), text: async () => whole },
  ],
])('%s is read to its end', async (_, value) => {
  const { text, failed } = await drain(value)

  expect(answerState(text, 'q1')).toBe('complete')
  expect(failed).toBe(false)
})

test('a character cut between two pieces of bytes is whole again', async () => {
  const [head, tail] = [bytes('über').slice(0, 1), bytes('über').slice(1)]

  expect((await drain(ReadableStream.from([head, tail]))).text).toBe('über')
  expect((await drain(ReadableStream.from([head]))).text).toBe('�')
})

test('a Response of an error status is a failure, whatever it says', async () => {
  expect(await drain(new Response(whole, { status: 503 }))).toMatchObject({ failed: true, text: whole })
})

test('what can be read but once is handed to settle as the text that was read', async () => {
  expect((await drain(inParts('a', 'b'))).value).toBe('ab')
  expect((await drain(new Response('ab'))).value).toBe('ab')
  const answer = { text: 'ab', from: 'cache' }
  expect((await drain(answer)).value).toBe(answer)
})

test('a body that breaks off rejects with its own error', async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue('[q:q1] Bec')
      controller.error(new TypeError('terminated'))
    },
  })

  await expect(drain(broken)).rejects.toThrow('terminated')
})

test.each([undefined, null, 42, {}, { content: [] }, { text: 7 }])('%j has no text', value => {
  expect(textOf(value)).toBeUndefined()
})

test.each([
  ['complete', whole],
  ['truncated', '[q:q1] Beca'],
  ['foreign', '[q:q2] Because. [end:q2]'],
  ['foreign', 'Because. [end:q1]'],
  ['unmarked', '<html>Bad gateway</html>'],
  ['empty', ' \n'],
  ['none', undefined],
])('an answer is %s by its marks: %s', (state, text) => {
  expect(answerState(text, 'q1')).toBe(state)
})
