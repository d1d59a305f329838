import type { Effect } from '../../../../src/model/effect.ts'
import { anthropic } from '../../../../src/providers/anthropic/provider.ts'
import { bedrock } from '../../../../src/providers/bedrock/provider.ts'
import { gemini } from '../../../../src/providers/gemini/provider.ts'
import { openai } from '../../../../src/providers/openai/provider.ts'
import type { Chunk, Provider, Respond, Script, WireRequest } from '../../../../src/providers/provider.ts'
import { vertex } from '../../../../src/providers/vertex/provider.ts'
import { ask, contextOf, tools } from '../../providers/perform.ts'
import { recognisedBy } from './hand-fed.ts'

type Streamed = readonly [Provider, WireRequest]

/** With the provider's key in all the places where one looks for it. */
function post(provider: Provider, url: string, json: object): Streamed {
  const key = provider.canary
  const headers = {
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
    authorization: `Bearer ${key}`,
    'x-goog-api-key': key,
  }
  return [provider, { method: 'POST', url: new URL(url), headers, body: JSON.stringify(json) }]
}

const question = '[q:t1] Where is my parcel?'
const spoken = { messages: [{ role: 'user', content: question }] }
const bedrockModel = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-haiku-4-5-20251001-v1:0'
const vertexModel = 'projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929'
const invoke = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 256, ...spoken }
const claude = { ...ask, stream: true }

/** A request for each kind of stream that there is. */
export const streamed: Readonly<Record<string, Streamed>> = {
  'a message': post(anthropic, 'https://api.anthropic.com/v1/messages', claude),
  'a message with a tool call': post(anthropic, 'https://api.anthropic.com/v1/messages', { ...claude, tools }),
  'a chat': post(openai, 'https://api.openai.com/v1/chat/completions', {
    model: 'gpt-5.4-mini',
    stream: true,
    ...spoken,
  }),
  'a chat that counts its tokens': post(openai, 'https://api.openai.com/v1/chat/completions', {
    ...{ model: 'gpt-5.4-mini', stream: true, stream_options: { include_usage: true } },
    ...spoken,
  }),
  'a response': post(openai, 'https://api.openai.com/v1/responses', {
    model: 'gpt-5.4-mini',
    stream: true,
    input: question,
  }),
  'what Gemini generates': post(
    gemini,
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    {
      contents: [{ role: 'user', parts: [{ text: question }] }],
    },
  ),
  'Claude on Bedrock': post(bedrock, `${bedrockModel}/invoke-with-response-stream`, invoke),
  'a conversation on Bedrock': post(bedrock, `${bedrockModel}/converse-stream`, {
    messages: [{ role: 'user', content: [{ text: question }] }],
  }),
  'Claude on Vertex': post(vertex, `https://us-east5-aiplatform.googleapis.com/v1/${vertexModel}:streamRawPredict`, {
    ...{ anthropic_version: 'vertex-2023-10-16', max_tokens: 256, stream: true },
    ...spoken,
  }),
}

/** What the simulation makes of it. */
export function simulated(effect: Effect, [provider, request]: Streamed): Respond {
  const script: Script = provider.render(effect, recognisedBy(provider, request), contextOf())
  if (script.type !== 'respond') throw new Error(`No answer but ${script.type}`)
  return script
}

export function bytesOf(chunks: readonly Chunk[]): Buffer {
  return Buffer.concat(chunks.map(({ data }) => Buffer.from(data)))
}
