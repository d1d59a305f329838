import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { pass } from '../../../src/model/effect.ts'
import { ask, canary, respond, tools } from './perform.ts'
import { simulated } from './simulated-anthropic.ts'

type Param = Anthropic.MessageParam

const offered = tools.map(tool => structuredClone(tool)) as unknown as Anthropic.Tool[] // the copies are mutable
const question = { model: 'claude-opus-5-5', max_tokens: 4_096 }
const opening: Param[] = [{ role: 'user', content: '[q:t1] Where is my parcel?' }]
const thinking = { type: 'enabled' as const, budget_tokens: 1_024 }

function connect() {
  return new Anthropic({ apiKey: canary, maxRetries: 0, logLevel: 'off', fetch: simulated().fetch })
}

/** The turn in which the model thinks and calls a tool, and what an app makes of it. */
async function thoughtfulTurn(client: Anthropic) {
  const message = await client.messages.create({ ...question, thinking, tools: offered, messages: opening })
  const [thought, use] = message.content
  if (thought?.type !== 'thinking' || use?.type !== 'tool_use') throw new Error('No thought or no call')
  const result = { type: 'tool_result' as const, tool_use_id: use.id, content: 'on its way' }
  const goOn = (content: Param['content']) =>
    client.messages.create({
      ...question,
      thinking,
      tools: offered,
      messages: [...opening, { role: 'assistant', content }, { role: 'user', content: [result] }],
    })
  return { thought, use, goOn }
}

test('a thought that comes back as it was said lets the tool turn go on', async () => {
  const { thought, use, goOn } = await thoughtfulTurn(connect())

  expect(await goOn([thought, use])).toMatchObject({ type: 'message' })
})

test('a changed thought, or a signature of another, is refused', async () => {
  const { thought, use, goOn } = await thoughtfulTurn(connect())
  const message = expect.stringContaining('messages.1.content.0: Invalid `signature` in `thinking` block')

  for (const changed of [
    { ...thought, thinking: `${thought.thinking} indeed` },
    { ...thought, signature: '' },
    { ...thought, signature: Buffer.from('0'.repeat(60)).toString('base64') },
  ])
    await expect(goOn([changed, use])).rejects.toMatchObject({ status: 400, message })
})

test('a tool turn without its thought is refused', async () => {
  const { use, goOn } = await thoughtfulTurn(connect())

  await expect(goOn([use])).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(
      'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    ),
  })
})

test('thoughts are checked when they come back empty as well', async () => {
  const client = connect()
  const omitted = { ...thinking, display: 'omitted' as const }
  const message = await client.messages.create({ ...question, thinking: omitted, messages: opening })
  const next: Param[] = [...opening, { role: 'assistant', content: message.content }, ...opening]

  expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: '' })
  expect(await client.messages.create({ ...question, thinking: omitted, messages: next })).toMatchObject({
    type: 'message',
  })
})

test('a signature that only the real API can have made is taken at its word', () => {
  const signature = `EqQB${'CkYIBBgCKkD2'.repeat(20)}`
  const recorded = { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature }, text('Yes.')] }

  expect(respond(pass, { ...ask, messages: [user('hi'), recorded, user('go on')] }).status).toBe(200)
})

const user = (content: unknown) => ({ role: 'user', content })
const text = (words: string) => ({ type: 'text', text: words })
const calls = (...ids: string[]) => ({
  role: 'assistant',
  content: ids.map(id => ({ type: 'tool_use', id, name: 'look_up', input: {} })),
})
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'ok', is_error: true })

test.each([
  ['results of parallel calls together', [user('hi'), calls('t1', 't2'), user([result('t2'), result('t1')])]],
  ['results in messages of their own', [user('hi'), calls('t1', 't2'), user([result('t1')]), user([result('t2')])]],
  ['words after the results', [user('hi'), calls('t1'), user([result('t1'), text('and now?')])]],
])('%s are taken', (_, messages) => {
  expect(respond(pass, { ...ask, messages }).status).toBe(200)
})

test.each([
  [
    'words before a result',
    { messages: [user('hi'), calls('t1'), user([text('well'), result('t1')])] },
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1.',
  ],
  [
    'two results of one call',
    { messages: [user('hi'), calls('t1'), user([result('t1'), result('t1')])] },
    'messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: t1',
  ],
  [
    'two calls of one name',
    { messages: [user('hi'), calls('t1', 't1'), user([result('t1')])] },
    'messages.1.content.1: `tool_use` ids must be unique',
  ],
  [
    'an empty message',
    { messages: [user('hi'), { role: 'assistant', content: [] }, user('hi')] },
    'messages.1: all messages must have non-empty content except for the optional final assistant message',
  ],
  ['an empty text', { messages: [user([text('')])] }, 'messages: text content blocks must be non-empty'],
  [
    'the beginning of an answer, for a model that takes none',
    { messages: [user('hi'), { role: 'assistant', content: 'Well,' }] },
    'This model does not support assistant message prefill. The conversation must end with a user message.',
  ],
  ['two tools of one name', { tools: [tools[0], tools[0]] }, 'tools: Tool names must be unique.'],
  [
    'a choice among no tools',
    { tool_choice: { type: 'any' } },
    'tool_choice: Tool choice may only be specified while providing tools.',
  ],
  [
    'the choice of a tool that is not there',
    { tools, tool_choice: { type: 'tool', name: 'fly' } },
    "tool_choice: Tool 'fly' not found in provided tools",
  ],
  [
    'a budget above the limit',
    { thinking: { type: 'enabled', budget_tokens: 2_000 } },
    '`max_tokens` must be greater than `thinking.budget_tokens`.',
  ],
  [
    'a forced tool and thinking',
    {
      max_tokens: 4_096,
      tools,
      tool_choice: { type: 'any' },
      thinking: { type: 'enabled', budget_tokens: 1_024 },
    },
    'Thinking may not be enabled when tool_choice forces tool use.',
  ],
])('%s is a 400', (_, json, message) => {
  const script = respond(pass, { ...ask, ...json })

  expect(script.status).toBe(400)
  expect(JSON.parse(String(script.chunks[0]?.data)).error.message).toContain(message)
})

test('an older model goes on from a beginning', () => {
  const messages = [user('hi'), { role: 'assistant', content: 'Well,' }]

  expect(respond(pass, { ...ask, model: 'claude-haiku-4-5', messages }).status).toBe(200)
  expect(respond(pass, { ...ask, model: 'claude-sonnet-4-20250514', messages }).status).toBe(200)
})
