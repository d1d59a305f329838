import { type FunctionCallingConfigMode, type GenerateContentResponse, GoogleGenAI, Type } from '@google/genai'
import { GoogleGenAI as OlderGenAI } from 'google-genai-1'
import { afterEach, expect, test, vi } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { gemini } from '../../../src/providers/gemini/provider.ts'
import { wired } from './wired.ts'

const model = 'gemini-2.5-flash'
const contents = '[q:t1] Where is my parcel?'
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s
const generations = ['current', 'older'] as const

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** The real SDK of either generation; it takes its `fetch` from the globals. */
function sdk(generation: (typeof generations)[number], effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(gemini, effects)
  vi.stubGlobal('fetch', fetch)
  const options = { apiKey: gemini.canary }
  const client = generation === 'current' ? new GoogleGenAI(options) : new OlderGenAI(options)
  return { client: client as GoogleGenAI, seen } // the same calls for what is used here
}

async function thrownBy(work: Promise<unknown>): Promise<Error & { status?: number }> {
  const thrown = await work.catch((cause: unknown) => cause)
  if (!(thrown instanceof Error)) throw new Error('Nothing was thrown')
  return thrown
}

async function read(
  client: GoogleGenAI,
): Promise<{ text: string; chunks: number; finish?: unknown; thrown?: unknown }> {
  let text = ''
  let chunks = 0
  let finish: unknown
  try {
    for await (const chunk of await client.models.generateContentStream({ model, contents })) {
      chunks++
      text += chunk.text ?? ''
      finish = chunk.candidates?.[0]?.finishReason
    }
    return { text, chunks, finish }
  } catch (thrown) {
    return { text, chunks, finish, thrown }
  }
}

test.each(generations)('an answer comes back whole and is counted (%s)', async generation => {
  const { client, seen } = sdk(generation)

  const answer = await client.models.generateContent({ model, contents })

  expect(answer.text).toMatch(marked)
  expect(answer.candidates?.[0]?.finishReason).toBe('STOP')
  expect(answer.modelVersion).toBe(model)
  const { promptTokenCount = 0, candidatesTokenCount = 0, totalTokenCount } = answer.usageMetadata ?? {}
  expect(totalTokenCount).toBe(promptTokenCount + candidatesTokenCount)
  expect(seen[0]?.recognised).toMatchObject({
    surface: 'api.generate',
    model,
    streaming: false,
    key: 'canary',
    question: 't1',
  })
})

test.each(generations)(
  'a stream comes in chunks, the last of which says that it is the last (%s)',
  async generation => {
    const { client, seen } = sdk(generation)

    const { text, chunks, finish } = await read(client)

    expect(text).toMatch(marked)
    expect(chunks).toBeGreaterThan(3)
    expect(finish).toBe('STOP')
    expect(seen[0]?.recognised).toMatchObject({ streaming: true, query: 'alt=sse' })
  },
)

const declarations = [
  {
    name: 'look_up',
    parameters: {
      type: Type.OBJECT,
      properties: { order: { type: Type.STRING, minLength: '3' } },
      required: ['order'],
    },
  },
  {
    name: 'refund',
    parametersJsonSchema: {
      type: 'object',
      properties: { cents: { type: 'integer', minimum: 100 } },
      required: ['cents'],
    },
  },
]

test.each([false, true])('an agent calls each function once, then gets its answer (streamed: %s)', async streamed => {
  // The SDK remarks on every answer that has more than text.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { client } = sdk('current')
  const chat = client.chats.create({ model, config: { tools: [{ functionDeclarations: declarations }] } })
  const called: unknown[] = []

  let message: Parameters<typeof chat.sendMessage>[0]['message'] = contents
  let answer = ''
  for (let turn = 0; turn < 4 && answer === ''; turn++) {
    const calls = []
    let text = ''
    const responses: AsyncIterable<GenerateContentResponse> | GenerateContentResponse[] = streamed
      ? await chat.sendMessageStream({ message })
      : [await chat.sendMessage({ message })]
    for await (const response of responses) {
      calls.push(...(response.functionCalls ?? []))
      text += response.text ?? ''
    }
    called.push(...calls.map(({ name, args }) => ({ name, args })))
    if (calls.length === 0) answer = text
    message = calls.map(({ name = '' }) => ({ functionResponse: { name, response: { output: 'done' } } }))
  }

  expect(called).toEqual([
    { name: 'look_up', args: { order: expect.any(String) } },
    { name: 'refund', args: { cents: 100 } },
  ])
  expect(answer).toMatch(marked)
})

test.each([
  ['ANY', ['refund'], 'refund'],
  ['ANY', undefined, 'look_up'],
  ['NONE', undefined, undefined],
])('mode %s of names %s calls %s', async (mode, allowedFunctionNames, name) => {
  const { client } = sdk('current')
  const functionCallingConfig = {
    mode: mode as FunctionCallingConfigMode, // its members are their own names
    ...(allowedFunctionNames && { allowedFunctionNames }),
  }
  const config = { tools: [{ functionDeclarations: declarations }], toolConfig: { functionCallingConfig } }

  const answer = await client.models.generateContent({ model, contents, config })

  expect(answer.functionCalls?.[0]?.name).toBe(name)
})

test.each([
  [
    'its own kind of schema',
    { responseSchema: { type: Type.OBJECT, properties: { n: { type: Type.INTEGER } }, required: ['n'] } },
  ],
  [
    'a JSON schema',
    { responseJsonSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } },
  ],
])('JSON is made for %s', async (_, schema) => {
  const { client } = sdk('current')
  const config = { responseMimeType: 'application/json', ...schema }

  const answer = await client.models.generateContent({ model, contents, config })

  expect(JSON.parse(answer.text ?? '')).toEqual({ n: 1 })
})

test('thoughts are shown where they are asked for, and counted apart', async () => {
  const { client } = sdk('current')
  const config = { thinkingConfig: { includeThoughts: true } }

  const answer = await client.models.generateContent({ model, contents, config })

  expect(answer.candidates?.[0]?.content?.parts?.map(({ thought }) => thought ?? false)).toEqual([true, false])
  expect(answer.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(5)
  expect(answer.text).toMatch(marked)
})

test.each(generations)(
  'embeddings have the size asked for and are the same for the same text (%s)',
  async generation => {
    const { client, seen } = sdk(generation)
    const ask = { model: 'gemini-embedding-001', contents: ['a parcel', 'a parcel', 'the weather'] }

    const small = await client.models.embedContent({ ...ask, config: { outputDimensionality: 256 } })
    const full = await client.models.embedContent({ ...ask, contents: ['a parcel'] })

    const [first, same, other] = small.embeddings?.map(({ values }) => values) ?? []
    expect(first).toHaveLength(256)
    expect(same).toEqual(first)
    expect(other).not.toEqual(first)
    expect(full.embeddings?.[0]?.values).toHaveLength(3_072)
    expect(seen[0]?.recognised.surface).toBe('api.embeddings')
  },
)

test('tokens are counted and models are listed', async () => {
  const { client, seen } = sdk('current')

  const counted = await client.models.countTokens({ model, contents })
  const names: (string | undefined)[] = []
  for await (const listed of await client.models.list()) names.push(listed.name)
  const one = await client.models.get({ model })

  expect(counted.totalTokens).toBeGreaterThan(3)
  expect(names).toContain('models/gemini-2.5-pro')
  expect(one.name).toBe('models/gemini-2.5-flash')
  expect(seen.map(({ recognised }) => recognised.surface)).toEqual(['api.count-tokens', 'api.models', 'api.models'])
})

const errors: [ErrorKind, number, string][] = [
  ['overloaded', 503, 'UNAVAILABLE'],
  ['rate-limited', 429, 'RESOURCE_EXHAUSTED'],
  ['unavailable', 503, 'UNAVAILABLE'],
  ['internal-error', 500, 'INTERNAL'],
  ['gateway-timeout', 504, 'DEADLINE_EXCEEDED'],
  ['unauthorized', 400, 'API_KEY_INVALID'],
  ['forbidden', 403, 'PERMISSION_DENIED'],
  ['model-missing', 404, 'NOT_FOUND'],
  ['bad-request', 400, 'INVALID_ARGUMENT'],
  ['too-large', 400, 'INVALID_ARGUMENT'],
  ['quota', 429, 'RESOURCE_EXHAUSTED'],
  ['bad-gateway', 502, 'Server Error'],
  ['origin-error', 502, 'Server Error'],
]

test.each(errors)('%s reaches the caller as %i, streamed or not', async (error, status, says) => {
  for (const generation of generations) {
    const effect = { type: 'answer', error, options: {} } as const
    const { client } = sdk(generation, [effect, effect])

    const whole = await thrownBy(client.models.generateContent({ model, contents }))
    const { thrown } = await read(client)

    for (const seen of [whole, thrown]) {
      expect(seen).toMatchObject({ name: 'ApiError', status })
      expect(String(seen)).toContain(says)
    }
  }
})

test('a limit says when to come back in the details of the error, a spent quota does not', async () => {
  const retryAfter = { as: 'seconds', ms: 25_200 } as const
  const { client } = sdk('current', [
    { type: 'answer', error: 'rate-limited', options: { retryAfter } },
    { type: 'answer', error: 'quota', options: {} },
  ])

  const limited = await thrownBy(client.models.generateContent({ model, contents }))
  const spent = await thrownBy(client.models.generateContent({ model, contents }))

  expect(limited.message).toContain('"retryDelay":"26s"')
  expect(spent.message).toContain('PerDay')
  expect(spent.message).not.toContain('retryDelay')
})

test.each([
  [
    'an error inside it',
    { type: 'stream-error', after: { events: 2 }, error: 'overloaded_error' },
    /ApiError.*UNAVAILABLE/s,
  ],
  ['an error by its own name', { type: 'stream-error', after: { events: 2 }, error: 'INTERNAL' }, /"code":500/],
  ['a cut between two events', { type: 'cut', after: { events: 2 }, by: 'clean' }, undefined],
  ['a cut inside an event', { type: 'cut', after: { inside: 'frame' }, by: 'clean' }, /Incomplete JSON segment/],
  ['a connection that breaks', { type: 'cut', after: { inside: 'code-point' }, by: 'rst' }, /terminated/],
  ['JSON that no parser takes', { type: 'garble', how: 'malformed-json' }, /JSON/],
  ['no last chunk', { type: 'garble', how: 'no-stop' }, undefined],
  ['half of it lost', { type: 'lose', at: 'body' }, /terminated/],
  ['an empty body', { type: 'empty', how: 'no-body' }, undefined],
  ['no content', { type: 'empty', how: 'no-content' }, undefined],
] satisfies [string, Effect, RegExp | undefined][])(
  'a stream with %s is never the whole answer',
  async (_, effect, message) => {
    for (const generation of generations) {
      const { text, thrown } = await read(sdk(generation, [effect]).client)

      expect(text).not.toMatch(/\[end:t1\]$/)
      if (message === undefined) expect(thrown).toBeUndefined()
      else expect(String(thrown)).toMatch(message)
    }
  },
)

test('a chunk of an unknown kind does no harm', async () => {
  const { text, thrown } = await read(sdk('current', [{ type: 'garble', how: 'odd-event' }]).client)

  expect(thrown).toBeUndefined()
  expect(text).toMatch(marked)
})

test('the SDK retries nothing unless it is told to, and then by status alone', async () => {
  const { fetch, seen } = wired(gemini, [{ type: 'answer', error: 'overloaded', options: {} }])
  vi.stubGlobal('fetch', fetch)
  const patient = { retryOptions: { attempts: 2, initialDelay: 0.001 } }

  const answer = await new GoogleGenAI({ apiKey: gemini.canary, httpOptions: patient }).models.generateContent({
    model,
    contents,
  })
  const [failed] = [sdk('current', [{ type: 'answer', error: 'overloaded', options: {} }])]
  await thrownBy(failed.client.models.generateContent({ model, contents }))

  expect(answer.text).toMatch(marked)
  expect([seen.length, failed.seen.length]).toEqual([2, 1])
})
