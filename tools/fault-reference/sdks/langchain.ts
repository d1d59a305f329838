import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { ChatOpenAI } from '@langchain/openai'
import { type Manner, retries, type Sdk } from '../sdk.ts'

type Headers = Readonly<Record<string, string>>

function langchain(
  provider: string,
  packages: readonly string[],
  finishKey: string,
  model: (headers: Headers, how: Manner) => BaseChatModel,
): Sdk {
  return {
    name: 'LangChain',
    provider,
    whole: 'model.invoke()',
    streamed: 'for await (… of model.stream())',
    packages: ['@langchain/core', ...packages],
    async call({ prompt, headers }, how, got) {
      const chat = model(headers, how)
      const finish = (metadata: Record<string, unknown>) => {
        const reason = metadata[finishKey]
        if (typeof reason === 'string') got.finish = reason
      }
      if (!how.stream) {
        const message = await chat.invoke(prompt)
        got.text = message.text
        finish(message.response_metadata)
        return
      }
      got.text = ''
      for await (const chunk of await chat.stream(prompt)) {
        got.text += chunk.text
        finish({ ...chunk.additional_kwargs, ...chunk.response_metadata })
      }
    },
  }
}

export const langchainOnAnthropic = langchain(
  'anthropic',
  ['@langchain/anthropic'],
  'stop_reason',
  (headers, how) =>
    new ChatAnthropic({
      ...retries(how),
      model: 'claude-sonnet-5-5',
      maxTokens: 512,
      clientOptions: { defaultHeaders: { ...headers }, logLevel: 'off' },
    }),
)

export const langchainOnOpenai = langchain(
  'openai',
  ['@langchain/openai'],
  'finish_reason',
  (headers, how) =>
    new ChatOpenAI({
      ...retries(how),
      model: 'gpt-5',
      configuration: { defaultHeaders: { ...headers }, logLevel: 'off' },
    }),
)
