import { anthropic } from '@ai-sdk/anthropic'
import { google } from '@ai-sdk/google'
import { openai } from '@ai-sdk/openai'
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import { Anthropic } from '@anthropic-ai/sdk'
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk'
import { GoogleGenAI } from '@google/genai'
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { AzureChatOpenAI, ChatOpenAI } from '@langchain/openai'
import { generateText } from 'ai'
import OlderBedrock from 'anthropic-bedrock-sdk-0'
import OlderAnthropic from 'anthropic-sdk-0'
import { AnthropicVertex as OlderVertex } from 'anthropic-vertex-sdk-0'
import { GoogleGenAI as OlderGoogle } from 'google-genai-1'
import { AzureOpenAI, OpenAI } from 'openai'
import OlderOpenAI from 'openai-4'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventsOf, nothingWrong, outcomesOf, run } from './support.ts'

const ofClaude = (model: string, content: string) => ({
  model,
  max_tokens: 256,
  messages: [{ role: 'user' as const, content }],
})
const inBedrock = (prompt: string) => ofClaude('us.anthropic.claude-sonnet-4-5-20250929-v1:0', prompt)
const inVertex = (prompt: string) => ofClaude('claude-sonnet-4-5@20250929', prompt)
const chat = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] })

// Google's SDK remarks at each construction that it has found two keys.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

interface ChatAnswer {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[]
}
const textOf = ({ choices }: ChatAnswer) => choices[0]?.message.content ?? ''

/** Each as its own documentation begins: nothing is passed that could have come from the environment. */
const clients: [name: string, surface: string, ask: (prompt: string) => unknown][] = [
  ['Anthropic', 'anthropic.api.messages', p => new Anthropic().messages.create(ofClaude('claude-sonnet-5-5', p))],
  [
    'Anthropic, older',
    'anthropic.api.messages',
    p => new OlderAnthropic().messages.create(ofClaude('claude-sonnet-5-5', p)),
  ],
  ['AnthropicBedrock', 'bedrock.api.invoke', p => new AnthropicBedrock().messages.create(inBedrock(p))],
  ['AnthropicBedrock, older', 'bedrock.api.invoke', p => new OlderBedrock().messages.create(inBedrock(p))],
  ['AnthropicVertex', 'vertex.api.messages', p => new AnthropicVertex().messages.create(inVertex(p))],
  ['AnthropicVertex, older', 'vertex.api.messages', p => new OlderVertex().messages.create(inVertex(p))],
  [
    'OpenAI',
    'openai.api.responses',
    async p => (await new OpenAI().responses.create({ model: 'gpt-5.4-mini', input: p })).output_text,
  ],
  [
    'OpenAI, older',
    'openai.api.chat-completions',
    async p => textOf(await new OlderOpenAI().chat.completions.create(chat(p))),
  ],
  [
    'AzureOpenAI',
    'openai.api.chat-completions',
    async p => textOf(await new AzureOpenAI().chat.completions.create(chat(p))),
  ],
  [
    'GoogleGenAI',
    'gemini.api.generate',
    async p => (await new GoogleGenAI({}).models.generateContent({ model: 'gemini-2.5-flash', contents: p })).text,
  ],
  [
    'GoogleGenAI, older',
    'gemini.api.generate',
    async p => (await new OlderGoogle({}).models.generateContent({ model: 'gemini-2.5-flash', contents: p })).text,
  ],
  [
    'the AI SDK for Anthropic',
    'anthropic.api.messages',
    async prompt => (await generateText({ model: anthropic('claude-sonnet-5-5'), prompt })).text,
  ],
  [
    'the AI SDK for OpenAI',
    'openai.api.responses',
    async prompt => (await generateText({ model: openai('gpt-5.4-mini'), prompt })).text,
  ],
  [
    'the AI SDK for Google',
    'gemini.api.generate',
    async prompt => (await generateText({ model: google('gemini-2.5-flash'), prompt })).text,
  ],
  [
    'ChatAnthropic',
    'anthropic.api.messages',
    async p => (await new ChatAnthropic({ model: 'claude-sonnet-5-5' }).invoke(p)).text,
  ],
  [
    'ChatOpenAI',
    'openai.api.chat-completions',
    async p => (await new ChatOpenAI({ model: 'gpt-5.4-mini' }).invoke(p)).text,
  ],
  ['AzureChatOpenAI', 'openai.api.chat-completions', async p => (await new AzureChatOpenAI().invoke(p)).text],
  [
    'ChatGoogleGenerativeAI',
    'gemini.api.generate',
    async p => (await new ChatGoogleGenerativeAI({ model: 'gemini-2.5-flash' }).invoke(p)).text,
  ],
]

test.for(clients)(
  "%s is built from a run's environment alone, and answers",
  { timeout: 20_000 },
  async ([name, surface, ask]) => {
    const result = await run(
      { name, perform: async (_, { prompt }) => ask(prompt) },
      { scenario: nothingWrong, users: 1, thinkMs: 30_000 },
    )

    const attempts = eventsOf(result, 'attempt-started')
    const surfaces = attempts.map(attempt => `${attempt.provider}.${attempt.surface}`)
    expect(outcomesOf(result)).toEqual({ ok: expect.any(Number) })
    expect(surfaces).toContain(surface)
    expect(new Set(attempts.map(({ key }) => key))).toEqual(new Set(['canary']))
    expect(result.notices).toEqual([])
  },
)
