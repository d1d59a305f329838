import { Anthropic } from '@anthropic-ai/sdk'
import { OpenAI } from 'openai'
import { canaryKeys } from '../../../src/providers/canary.ts'
import type { Got } from './seen.ts'

/** Where the providers are, and how they are reached. */
export interface Reach {
  readonly fetch: typeof globalThis.fetch
  /** Base URLs as the SDKs take them. */
  readonly anthropic: string
  readonly openai: string
}

export interface Question extends Reach {
  /** Carries the question's mark. */
  readonly prompt: string
  readonly signal: AbortSignal
  /** How long the client waits for an answer to begin; its own default when absent. */
  readonly timeoutMs: number | undefined
  readonly maxRetries: number
  /** Whether the model is offered a tool, which it then calls. */
  readonly tool: boolean
}

/** One way in which apps call a model. Rejects with what an app would catch; keeps in `got` what it has by then. */
export interface ParityClient {
  readonly id: string
  readonly streams: boolean
  ask(question: Question, got: Got): Promise<void>
}

const order = { type: 'object' as const, properties: { order: { type: 'string' } }, required: ['order'] }
const describedTool = { name: 'look_up', description: 'Looks an order up.' }

const claude = 'claude-haiku-4-5'
const gpt = 'gpt-5-mini'

function anthropicBody({ prompt, tool }: Question) {
  return {
    model: claude,
    max_tokens: 64,
    messages: [{ role: 'user' as const, content: prompt }],
    ...(tool && { tools: [{ ...describedTool, input_schema: order }] }),
  }
}

function anthropicOf({ fetch, anthropic, timeoutMs, maxRetries }: Question): Anthropic {
  const apiKey = canaryKeys['anthropic'] ?? null
  return new Anthropic({
    ...{ apiKey, baseURL: anthropic, fetch, maxRetries, logLevel: 'off' },
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  })
}

function openaiBody({ prompt, tool }: Question) {
  return {
    model: gpt,
    max_completion_tokens: 64,
    messages: [{ role: 'user' as const, content: prompt }],
    ...(tool && { tools: [{ type: 'function' as const, function: { ...describedTool, parameters: order } }] }),
  }
}

function openaiOf({ fetch, openai, timeoutMs, maxRetries }: Question): OpenAI {
  const apiKey = canaryKeys['openai'] ?? ''
  return new OpenAI({
    ...{ apiKey, baseURL: openai, fetch, maxRetries, logLevel: 'off' },
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  })
}

/** The platform's own `fetch`, without an SDK: nobody retries. */
function post(question: Question, stream: boolean): Promise<Response> {
  const { fetch, anthropic, signal, timeoutMs } = question
  return fetch(`${anthropic}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      'x-api-key': canaryKeys['anthropic'] ?? '',
    },
    body: JSON.stringify({ ...anthropicBody(question), ...(stream && { stream }) }),
    signal: timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
}

export const clients: readonly ParityClient[] = [
  {
    id: 'anthropic',
    streams: false,
    async ask(question, got) {
      got.returned = await anthropicOf(question).messages.create(anthropicBody(question), { signal: question.signal })
    },
  },
  {
    id: 'anthropic streamed',
    streams: true,
    async ask(question, got) {
      const { signal } = question
      const body = { ...anthropicBody(question), stream: true } as const
      for await (const event of await anthropicOf(question).messages.create(body, { signal })) {
        got.events.push(event.type)
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') got.text += event.delta.text
        if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
          got.text += event.delta.partial_json
        if (event.type === 'message_delta') got.returned = event
      }
    },
  },
  {
    id: 'openai',
    streams: false,
    async ask(question, got) {
      got.returned = await openaiOf(question).chat.completions.create(openaiBody(question), {
        signal: question.signal,
      })
    },
  },
  {
    id: 'openai streamed',
    streams: true,
    async ask(question, got) {
      const { signal } = question
      const body = { ...openaiBody(question), stream: true } as const
      for await (const chunk of await openaiOf(question).chat.completions.create(body, { signal })) {
        got.events.push(chunk.object)
        const choice = chunk.choices[0]
        got.text += choice?.delta?.content ?? choice?.delta?.tool_calls?.[0]?.function?.arguments ?? ''
        if (choice?.finish_reason) got.returned = choice.finish_reason
      }
    },
  },
  {
    id: 'fetch',
    streams: false,
    async ask(question, got) {
      const response = await post(question, false)
      got.returned = await response.text()
    },
  },
  {
    id: 'fetch streamed',
    streams: true,
    async ask(question, got) {
      const response = await post(question, true)
      if (!response.body) return
      const decoder = new TextDecoder()
      got.returned = ''
      for await (const bytes of response.body) got.returned += decoder.decode(bytes, { stream: true })
    },
  },
]
