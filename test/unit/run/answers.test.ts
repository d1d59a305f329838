import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { type Integration, type RunOptions, runScenario } from '../../../src/index.ts'
import type { AnswerEntry } from '../../../src/model/scenario.ts'
import { eventsOf } from './support.ts'

const model = 'claude-sonnet-5-5'
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'answers-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** What tasks of one user get back in a calm minute, when the app is this. */
async function heard<T>(perform: (prompt: string) => Promise<T>, options: Partial<RunOptions>, answers = '') {
  const said: T[] = []
  const integration: Integration = {
    name: 'listener',
    perform: async (_, { prompt }) => {
      said.push(await perform(prompt))
      return 'done'
    },
    settle: () => ({ outcome: 'ok' }),
  }
  const scenario = `blackstart: 1\nid: calm\n${answers}phases:\n  - { name: well, for: 1m }\n`
  const result = await runScenario({ users: 1, thinkMs: 20_000, scenario, ...options, integration })
  expect(result.findings).toEqual([])
  return { said, result }
}

const ask = (prompt: string, more: object = {}) =>
  new Anthropic().messages.create({ model, max_tokens: 512, messages: [{ role: 'user', content: prompt }], ...more })
const textOf = ({ content }: Anthropic.Message) =>
  content.map(block => (block.type === 'text' ? block.text : '')).join('')

test('the model says what the scenario tells it, between the marks that others look for', async () => {
  const answers =
    'answers:\n  - { when: { model: gpt-* }, says: No. }\n  - { when: { contains: "[q:" }, says: We open at nine. }\n'
  const { said } = await heard(async prompt => [prompt, textOf(await ask(prompt))] as const, {}, answers)

  expect(said.length).toBeGreaterThan(2)
  for (const [prompt, text] of said) {
    const id = /\[q:(\w+)\]/.exec(prompt)?.[1]
    expect(text).toBe(`[q:${id}] We open at nine. [end:${id}]`)
  }
})

test('without marks its words stand alone', async () => {
  const { said } = await heard(async prompt => textOf(await ask(prompt)), {
    answers: [{ says: 'Nine.', marks: false }],
  })

  expect(new Set(said)).toEqual(new Set(['Nine.']))
})

const tools = ['look_up', 'refund'].map(name => ({
  name,
  input_schema: {
    type: 'object' as const,
    properties: { order: { type: 'string', minLength: 1 } },
    required: ['order'],
  },
}))

test('tools are called as it is written, together, and then the answer comes', async () => {
  const agent = async (prompt: string) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: prompt }]
    const said: unknown[] = []
    for (;;) {
      const { content, stop_reason } = await ask(prompt, { messages, tools })
      const calls = content.filter(block => block.type === 'tool_use')
      said.push(calls.length > 0 ? calls.map(({ name, input }) => [name, input]) : stop_reason)
      if (calls.length === 0) return said
      const results = calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'done' }))
      messages.push({ role: 'assistant', content }, { role: 'user', content: results })
    }
  }
  const calls = [{ tool: 'refund', input: { order: 'ORD-7' } }, { tool: 'look_up' }]
  const { said } = await heard(agent, { answers: [{ calls }, { says: 'Paid.' }] })

  expect(said.length).toBeGreaterThan(2)
  for (const turns of said)
    expect(turns).toEqual([
      [
        ['refund', { order: 'ORD-7' }],
        ['look_up', { order: expect.any(String) }],
      ],
      'end_turn',
    ])
})

test('an answer that is JSON is text, or the arguments of the tool that must be called', async () => {
  const answers: AnswerEntry[] = [{ json: { order: 'ORD-9' } }]
  const { said } = await heard(
    async prompt => [
      textOf(await ask(prompt)),
      (await ask(prompt, { tools, tool_choice: { type: 'tool', name: 'look_up' } })).content,
    ],
    { answers },
  )

  for (const [text, content] of said) {
    expect(text).toBe('{"order":"ORD-9"}')
    expect(content).toMatchObject([{ type: 'tool_use', name: 'look_up', input: { order: 'ORD-9' } }])
  }
})

test('an answer is given as often as it says in each task, and an attempt that got none does not count', async () => {
  const scenario =
    'blackstart: 1\nid: cut\nphases:\n  - { name: down, for: 1m, faults: [{ surface: api, fault: reset, when: { nth: 1, per: call } }] }\n'
  const answers: AnswerEntry[] = [
    { says: 'First.', times: 1, marks: false },
    { says: 'Again.', marks: false },
  ]
  const twice = async (prompt: string) => [textOf(await ask(prompt)), textOf(await ask(prompt, { max_tokens: 300 }))]
  const { said, result } = await heard(twice, { answers, scenario })

  expect(eventsOf(result, 'attempt-ended').some(({ outcome }) => outcome === 'reset')).toBe(true)
  for (const texts of said) expect(texts).toEqual(['First.', 'Again.'])
})

test('answers of a file are relative to the scenario, and those of the run come first', async () => {
  const folder = folderWith({
    'answers.yaml': '- { when: { model: claude-* }, says: From the file., marks: false }\n',
    'more.json': JSON.stringify([{ when: { model: 'claude-haiku*' }, says: 'From the run.', marks: false }]),
  })
  const both = async (prompt: string) => [
    textOf(await ask(prompt)),
    textOf(await ask(prompt, { model: 'claude-haiku-5-5' })),
  ]
  const options = { file: join(folder, 'calm.yaml'), answers: join(folder, 'more.json') }
  const { said } = await heard(both, options, 'answers: { from: answers.yaml }\n')

  for (const texts of said) expect(texts).toEqual(['From the file.', 'From the run.'])
})

test('a file of answers that says what no answer can is refused at its line', async () => {
  const folder = folderWith({ 'bad.yaml': '- says: Hello.\n- sayz: Hello.\n' })
  const integration: Integration = { name: 'nobody', perform: () => '' }
  const scenario = 'blackstart: 1\nid: calm\nphases:\n  - { name: well, for: 1m }\n'

  await expect(runScenario({ scenario, integration, answers: join(folder, 'bad.yaml') })).rejects.toThrow(
    /bad\.yaml:2:3: error: Unknown key "sayz" in an answer\./,
  )
  await expect(runScenario({ scenario, integration, answers: join(folder, 'none.yaml') })).rejects.toThrow(
    /none\.yaml:1:1: error: There is no such file\./,
  )
})

const recorded = {
  model: 'claude-recorded',
  id: 'msg_recorded',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'As it was recorded.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, output_tokens: 5 },
}
const frames = [
  { type: 'message_start', message: { ...recorded, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'As it ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'was streamed.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
  { type: 'message_stop' },
]
const stream = frames.map(frame => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join('')

test('a response is sent as it was recorded, a stream to those who stream', async () => {
  const answers: AnswerEntry[] = [
    { response: { headers: { 'Content-Length': '99999', 'X-Recorded': 'yes' }, body: recorded } },
    { response: { headers: { 'content-type': 'text/event-stream' }, body: stream } },
  ]
  const both = async (prompt: string) => {
    const { data, response } = await ask(prompt).withResponse()
    const streamed = new Anthropic().messages.stream({
      model,
      max_tokens: 512,
      messages: [{ role: 'user', content: prompt }],
    })
    return [data.id, textOf(data), response.headers.get('x-recorded'), textOf(await streamed.finalMessage())]
  }
  const { said } = await heard(both, { answers })

  for (const texts of said) expect(texts).toEqual(['msg_recorded', 'As it was recorded.', 'yes', 'As it was streamed.'])
})

test('a recorded stream comes frame by frame, and is cut like any other', async () => {
  const scenario =
    'blackstart: 1\nid: cut\nphases:\n  - { name: down, for: 1m, faults: [{ surface: api, fault: { stream-cut: { after: 3 events } } }] }\n'
  const answers: AnswerEntry[] = [{ response: { body: stream } }]
  const texts: string[] = []
  const integration: Integration = {
    name: 'reader',
    perform: async (_, { prompt }) => {
      const body = { model, max_tokens: 512, messages: [{ role: 'user' as const, content: prompt }] }
      let text = ''
      for await (const event of await new Anthropic().messages.create({ ...body, stream: true })) {
        text += event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : ''
        if (event.type === 'content_block_delta') texts.push(text)
      }
      return 'done'
    },
    settle: () => ({ outcome: 'ok' }),
  }
  const result = await runScenario({ users: 1, thinkMs: 20_000, scenario, answers, integration })

  expect(eventsOf(result, 'attempt-ended').some(({ outcome }) => outcome === 'cut')).toBe(true)
  expect(new Set(texts)).toEqual(new Set(['As it ', 'As it was streamed.']))
})

test('an error may be recorded too, and for one surface alone', async () => {
  const body = { type: 'error', error: { type: 'not_found_error', message: 'gone' } }
  const answers: AnswerEntry[] = [{ when: { surface: ['api.models'] }, response: { status: 404, body } }]
  const { said } = await heard(
    async prompt => {
      const missing = await new Anthropic().models.list().catch((error: unknown) => error)
      return [missing instanceof Anthropic.NotFoundError, (await ask(prompt)).type]
    },
    { answers },
  )

  for (const one of said) expect(one).toEqual([true, 'message'])
})

test('other providers say it in their own words', async () => {
  const { said } = await heard(
    async prompt => {
      const { choices } = await new OpenAI().chat.completions.create({
        model: 'gpt-5',
        messages: [{ role: 'user', content: prompt }],
      })
      return choices[0]?.message.content
    },
    { answers: [{ when: { surface: ['openai.api'], contains: '[q:' }, says: 'Nine.', marks: false }] },
  )

  expect(new Set(said)).toEqual(new Set(['Nine.']))
})
