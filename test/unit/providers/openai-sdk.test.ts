import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { requestId } from '../../../src/providers/openai/headers.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import { ask, calledOnce, canary, chat, chatTools, marked, model, recognised, sdk, tools } from './openai.ts'
import { contextOf, perform } from './perform.ts'

class Forgetful extends Set<string> {
  override has(): boolean {
    return false
  }
}

const messages = chat.messages.map(message => ({ ...message }))

test('a chat completion comes back whole and between its marks', async () => {
  const { client, older, seen } = sdk()

  const { data, request_id } = await client.chat.completions.create({ model, messages }).withResponse()
  const before = await older.chat.completions.create({ model, messages })

  for (const { choices, usage } of [data, before]) {
    expect(choices).toMatchObject([{ index: 0, finish_reason: 'stop', message: { role: 'assistant' } }])
    expect(choices[0]?.message.content).toMatch(marked)
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0))
  }
  expect(request_id).toBe(requestId('a1'))
  expect(seen[0]?.script).toMatchObject({ good: true, status: 200 })
})

test.each(['current', 'older'])('a chat streams in chunks, with usage where it is asked for (%s SDK)', async which => {
  const { client, older } = sdk()
  const params = { model, messages, stream: true as const, stream_options: { include_usage: true } }
  const stream =
    which === 'older' ? await older.chat.completions.create(params) : await client.chat.completions.create(params)

  let text = ''
  const ends: unknown[] = []
  const usages: unknown[] = []
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    ends.push(chunk.choices[0]?.finish_reason)
    usages.push(chunk.usage)
  }

  expect(text).toMatch(marked)
  expect(ends.slice(-2)).toEqual(['stop', undefined])
  expect(usages.at(-1)).toMatchObject({ total_tokens: expect.any(Number) })
  expect(new Set(usages.slice(0, -1))).toEqual(new Set([null]))
})

test('the stream helper of a chat builds the whole completion', async () => {
  const { client } = sdk()

  const runner = client.chat.completions.stream({ model, messages })

  expect(await runner.finalContent()).toMatch(marked)
})

test.each([false, true])(
  'an agent in a chat calls each tool once, then gets its answer (streamed: %s)',
  async stream => {
    const { client } = sdk()
    const transcript: OpenAI.ChatCompletionMessageParam[] = [...messages]
    const called: unknown[] = []

    let answer: string | null = null
    for (let turn = 0; turn < 4 && answer === null; turn++) {
      const params = { model, messages: transcript, tools: chatTools }
      const completion = stream
        ? await client.chat.completions.stream(params).finalChatCompletion()
        : await client.chat.completions.create(params)
      const [choice] = completion.choices
      const calls = (choice?.message.tool_calls ?? []).flatMap(call => (call.type === 'function' ? [call] : []))
      expect(choice?.finish_reason).toBe(calls.length > 0 ? 'tool_calls' : 'stop')
      called.push(...calls.map(({ function: { name, arguments: json } }) => ({ name, input: JSON.parse(json) })))
      answer = choice?.message.content ?? null
      if (choice) transcript.push(choice.message)
      transcript.push(...calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'done' })))
    }

    expect(called).toEqual(calledOnce)
    expect(answer).toMatch(marked)
  },
)

test('a response comes back whole, and again by its id', async () => {
  const { client, older } = sdk()

  const response = await client.responses.create(ask)
  const before = await older.responses.create(ask)

  expect(response.output_text).toMatch(marked)
  expect(before.output_text).toMatch(marked)
  expect(response).toMatchObject({
    status: 'completed',
    error: null,
    output: [{ type: 'message', status: 'completed' }],
  })
  expect(await client.responses.retrieve(response.id)).toMatchObject({ id: response.id, output: response.output })
})

test.each(['current', 'older'])('a response streams its named and numbered events (%s SDK)', async which => {
  const { client, older } = sdk()
  const params = { ...ask, stream: true as const }
  const stream = which === 'older' ? await older.responses.create(params) : await client.responses.create(params)

  let text = ''
  const types: string[] = []
  const numbers: unknown[] = []
  for await (const event of stream) {
    types.push(event.type)
    numbers.push('sequence_number' in event ? event.sequence_number : undefined)
    if (event.type === 'response.output_text.delta') text += event.delta
  }

  expect(text).toMatch(marked)
  expect(types.filter((type, i) => type !== types[i - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect(numbers).toEqual(numbers.map((_, i) => i))
})

test('the stream helper of a response builds the final one', async () => {
  const { client } = sdk()

  expect((await client.responses.stream(ask).finalResponse()).output_text).toMatch(marked)
})

test.each([
  ['whole', 'transcript'],
  ['streamed', 'transcript'],
  ['whole', 'previous id'],
  ['streamed', 'previous id'],
])('an agent on responses calls each tool once, then gets its answer (%s, by %s)', async (how, by) => {
  // The provider keeps no count of tools here: what the requests tell must do.
  const { client } = sdk([], { toolsCalled: new Forgetful() })
  const called: unknown[] = []
  let input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: ask.input }]

  let answer = ''
  let previous: string | undefined
  for (let turn = 0; turn < 4 && answer === ''; turn++) {
    const params = { model, input, tools, ...(previous !== undefined && { previous_response_id: previous }) }
    const response =
      how === 'streamed' ? await client.responses.stream(params).finalResponse() : await client.responses.create(params)
    const calls = response.output.flatMap(item => (item.type === 'function_call' ? [item] : []))
    called.push(...calls.map(({ name, arguments: json }) => ({ name, input: JSON.parse(json) })))
    const outputs = calls.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'done' }))
    input =
      by === 'transcript' ? [...input, ...(response.output as OpenAI.Responses.ResponseInput), ...outputs] : outputs // what comes out goes in again
    if (by === 'previous id') previous = response.id
    answer = response.output_text
  }

  expect(called).toEqual(calledOnce)
  expect(answer).toMatch(marked)
})

test('functions of before there were tools are called in their own form', async () => {
  const functions = chatTools.slice(0, 1).map(tool => tool.function)

  const whole = await sdk().older.chat.completions.create({ model, messages, functions })
  const streamed = await sdk().older.beta.chat.completions.stream({ model, messages, functions }).finalChatCompletion()

  for (const { choices } of [whole, streamed]) {
    expect(choices[0]).toMatchObject({ finish_reason: 'function_call', message: { content: null } })
    expect(choices[0]?.message.function_call?.name).toBe('look_up')
    expect(JSON.parse(choices[0]?.message.function_call?.arguments ?? '')).toMatchObject({ order: 'ORD-1111' })
  }
})

test.each([
  ['required' as const, 'look_up'],
  [{ type: 'function' as const, function: { name: 'refund' } }, 'refund'],
  [
    {
      type: 'allowed_tools' as const,
      allowed_tools: { mode: 'auto' as const, tools: [{ type: 'function', function: { name: 'refund' } }] },
    },
    'refund',
  ],
])('a chat obeys tool_choice %j', async (choice, name) => {
  const { client } = sdk([], { toolsCalled: new Set(['look_up']) })

  const completion = await client.chat.completions.create({
    model,
    messages,
    tools: name === 'look_up' ? chatTools.slice(0, 1) : chatTools,
    tool_choice: choice,
  })

  expect(completion.choices[0]?.message.tool_calls).toMatchObject([{ type: 'function', function: { name } }])
})

test.each([
  ['required', 'look_up'],
  [{ type: 'function' as const, name: 'refund' }, 'refund'],
  [
    { type: 'allowed_tools' as const, mode: 'required' as const, tools: [{ type: 'function', name: 'refund' }] },
    'refund',
  ],
  ['none' as const, undefined],
])('a response obeys tool_choice %j', async (choice, name) => {
  const { client } = sdk([], { toolsCalled: new Set(name === 'look_up' ? ['look_up', 'refund'] : []) })

  const response = await client.responses.create({ ...ask, tools, tool_choice: choice as 'none' }) // all are allowed

  const calls = response.output.filter(item => item.type === 'function_call')
  expect(calls.map(call => call.name)).toEqual(name === undefined ? [] : [name])
})

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 2 } },
  required: ['city', 'days'],
  additionalProperties: false,
}

test.each([false, true])('answers satisfy a JSON schema (streamed: %s)', async stream => {
  const { client } = sdk()
  const format = { type: 'json_schema' as const, name: 'trip', schema, strict: true }
  const wanted = { city: expect.any(String), days: 2 }

  const response = { ...ask, text: { format } }
  const completion = { model, messages, response_format: { type: 'json_schema' as const, json_schema: format } }
  const texts = stream
    ? [
        (await client.responses.stream(response).finalResponse()).output_text,
        await client.chat.completions.stream(completion).finalContent(),
      ]
    : [
        (await client.responses.create(response)).output_text,
        (await client.chat.completions.create(completion)).choices[0]?.message.content,
      ]

  expect(texts.map(text => JSON.parse(text ?? ''))).toEqual([wanted, wanted])
})

test('JSON without a schema is an answer between its marks', async () => {
  const { client } = sdk()
  const json = [{ role: 'user' as const, content: '[q:t1] Answer in JSON.' }]

  const completion = await client.chat.completions.create({
    model,
    messages: json,
    response_format: { type: 'json_object' },
  })
  const response = await client.responses.create({ model, input: json, text: { format: { type: 'json_object' } } })

  for (const text of [completion.choices[0]?.message.content, response.output_text])
    expect(JSON.parse(text ?? '')).toEqual({ answer: expect.stringMatching(marked) })
})

test('a model that reasons says so in its usage, and in as many words as are asked for', async () => {
  const { client } = sdk()

  const completion = await client.chat.completions.create({ model: 'o4-mini', messages })
  const plain = await client.responses.create({ ...ask, model: 'o4-mini' })
  const told = await client.responses
    .stream({
      ...ask,
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    })
    .finalResponse()

  expect(completion.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
  expect(plain.output).toMatchObject([{ type: 'reasoning', summary: [] }, { type: 'message' }])
  expect(told.output).toMatchObject([
    {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: expect.stringMatching(/\w/) }],
      encrypted_content: expect.stringMatching(/\w/),
    },
    { type: 'message' },
  ])
})

test('as many choices come as are asked for', async () => {
  const { client } = sdk()

  const { choices } = await client.chat.completions.create({ model, messages, n: 3 })
  const streamed = await client.chat.completions.stream({ model, messages, n: 2 }).finalChatCompletion()

  expect(choices.map(({ index }) => index)).toEqual([0, 1, 2])
  expect(streamed.choices.map(({ message }) => message.content)).toEqual([
    expect.stringMatching(marked),
    expect.stringMatching(marked),
  ])
})

test('models are listed and retrieved', async () => {
  const { client } = sdk()

  const listed = await client.models.list()

  expect(listed.data.map(({ id }) => id)).toContain('gpt-5.4-mini')
  expect(await client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', object: 'model' })
  await expect(client.models.retrieve('claude-opus-5-5')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  })
})

test('embeddings have the size of their model, or the one asked for, and unit length', async () => {
  const { client, older } = sdk()
  const create = client.embeddings.create.bind(client.embeddings)
  const input = ['Where is my parcel?', 'Where is my other parcel?', 'Quantum chromodynamics']

  const small = await create({ model: 'text-embedding-3-small', input })
  const large = await create({ model: 'text-embedding-3-large', input: 'Where is my parcel?' })
  const short = await create({ model: 'text-embedding-3-large', input: 'Where is my parcel?', dimensions: 256 })
  const ada = await older.embeddings.create({ model: 'text-embedding-ada-002', input: [[1, 2, 3], [4]] })

  const sizes = [small, large, short, ada].map(({ data }) => data.map(({ embedding }) => embedding.length))
  expect(sizes).toEqual([[1_536, 1_536, 1_536], [3_072], [256], [1_536, 1_536]])
  expect(small.data.map(({ index }) => index)).toEqual([0, 1, 2])
  for (const { data } of [small, large, short, ada])
    for (const { embedding } of data) expect(dot(embedding, embedding)).toBeCloseTo(1, 5)
  const [a = [], b = [], c = []] = small.data.map(({ embedding }) => embedding)
  expect(dot(a, b)).toBeGreaterThan(0.5)
  expect(Math.abs(dot(a, c))).toBeLessThan(0.3)
})

test('an embedding is the same in floats and in base64, and the same again tomorrow', async () => {
  const { client } = sdk()
  const params = { model: 'text-embedding-3-small', input: 'Where is my parcel?' }

  const floats = await client.embeddings.create({ ...params, encoding_format: 'float' })
  const decoded = await client.embeddings.create(params)
  const raw = await client.embeddings.create({ ...params, encoding_format: 'base64' })

  expect(decoded.data[0]?.embedding).toEqual(floats.data[0]?.embedding)
  const bytes = Buffer.from(raw.data[0]?.embedding as unknown as string, 'base64') // as it was asked for
  expect(Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))).toEqual(
    floats.data[0]?.embedding,
  )
})

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

test.each([false, true])('several calls of one turn stay apart (streamed: %s)', async stream => {
  const answers = [{ place: 0, surfaces: undefined, calls: [{ tool: 'look_up' }, { tool: 'refund' }] }]
  const client = new OpenAI({
    apiKey: canary,
    baseURL: 'https://api.openai.com/v1',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { method, url } = request
      const headers = Object.fromEntries(request.headers)
      const found = recognised({ method, url: new URL(url), headers, body: await request.text() })
      return perform(openai.render({ type: 'pass' }, found, { ...contextOf(), answers }))
    },
  })
  const inChat = { model, messages, tools: chatTools }
  const inResponse = { ...ask, tools }

  const completion = stream
    ? await client.chat.completions.stream(inChat).finalChatCompletion()
    : await client.chat.completions.create(inChat)
  const response = stream
    ? await client.responses.stream(inResponse).finalResponse()
    : await client.responses.create(inResponse)

  const calls = [
    ...(completion.choices[0]?.message.tool_calls ?? []).flatMap(call =>
      call.type === 'function' ? [call.function] : [],
    ),
    ...response.output.flatMap(item => (item.type === 'function_call' ? [item] : [])),
  ].map(call => ({ name: call.name, input: JSON.parse(call.arguments) }))
  const ids = [...(completion.choices[0]?.message.tool_calls ?? []), ...response.output].map(({ id }) => id)
  expect(calls).toEqual([...calledOnce, ...calledOnce])
  expect(new Set(ids).size).toBe(4)
})
