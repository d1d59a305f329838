/** Run as a program by `environment.test.ts`: each SDK as an app makes it, with no option at all, and one call. */

import { bedrock as vercelBedrock } from '@ai-sdk/amazon-bedrock'
import { anthropic as vercelAnthropic } from '@ai-sdk/anthropic'
import { openai as vercelOpenai } from '@ai-sdk/openai'
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk'
import Anthropic from '@anthropic-ai/sdk'
import AnthropicVertex from '@anthropic-ai/vertex-sdk'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { GoogleGenAI } from '@google/genai'
import { ChatAnthropic } from '@langchain/anthropic'
import { AzureChatOpenAI, ChatOpenAI } from '@langchain/openai'
import { FetchHttpHandler } from '@smithy/fetch-http-handler'
import { generateText } from 'ai'
import OpenAI, { AzureOpenAI } from 'openai'

const messages = [{ role: 'user' as const, content: 'Hello [q:1]' }]
const request = { model: 'm-1', max_tokens: 8, messages }

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  anthropic: () => new Anthropic({ maxRetries: 0 }).messages.create(request),
  'anthropic of Vercel': () => generateText({ model: vercelAnthropic('m-1'), prompt: 'Hello', maxRetries: 0 }),
  'anthropic of LangChain': () => new ChatAnthropic({ model: 'm-1', maxRetries: 0 }).invoke('Hello'),
  openai: () => new OpenAI({ maxRetries: 0 }).responses.create({ model: 'm-1', input: 'Hello' }),
  'openai on Azure': () => new AzureOpenAI({ maxRetries: 0 }).chat.completions.create(request),
  'openai of Vercel': () => generateText({ model: vercelOpenai('m-1'), prompt: 'Hello', maxRetries: 0 }),
  'openai of LangChain': () => new ChatOpenAI({ model: 'm-1', maxRetries: 0 }).invoke('Hello'),
  'openai on Azure of LangChain': () => new AzureChatOpenAI({ model: 'm-1', maxRetries: 0 }).invoke('Hello'),
  gemini: () => new GoogleGenAI({}).models.generateContent({ model: 'm-1', contents: 'Hello' }),
  bedrock: () => new AnthropicBedrock({ maxRetries: 0 }).messages.create(request),
  // By itself it speaks HTTP/2, which the server of this test does not.
  'bedrock of AWS': () =>
    new BedrockRuntimeClient({ maxAttempts: 1, requestHandler: new FetchHttpHandler() }).send(
      new ConverseCommand({ modelId: 'm-1', messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
    ),
  'bedrock of Vercel': () => generateText({ model: vercelBedrock('m-1'), prompt: 'Hello', maxRetries: 0 }),
  vertex: () => new AnthropicVertex({ maxRetries: 0 }).messages.create(request),
}

for (const [name, call] of Object.entries(calls)) {
  console.log(name)
  // Whatever is answered: what counts is what arrives.
  await call().catch(() => {})
}
