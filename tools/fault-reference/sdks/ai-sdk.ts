import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, type LanguageModel, streamText } from 'ai'
import { retries, type Sdk } from '../sdk.ts'

globalThis.AI_SDK_LOG_WARNINGS = false

type Headers = Readonly<Record<string, string>>

/** The Vercel AI SDK on `model`. Its `textStream` never throws: errors are told to `onError`. */
function aiSdk(provider: string, adapter: string, model: (headers: Headers) => LanguageModel): Sdk {
  return {
    name: 'Vercel AI SDK',
    provider,
    whole: 'generateText()',
    streamed: 'for await (… of streamText().textStream)',
    packages: ['ai', adapter],
    async call({ prompt, headers }, how, got) {
      const options = { ...retries(how), model: model(headers), prompt, maxOutputTokens: 512 }
      if (!how.stream) {
        const { text, finishReason } = await generateText(options)
        got.text = text
        got.finish = finishReason
        return
      }
      got.text = ''
      const result = streamText({
        ...options,
        onError: ({ error }) => {
          got.told = error
        },
        onFinish: ({ finishReason }) => {
          got.finish = finishReason
        },
      })
      for await (const text of result.textStream) got.text += text
    },
  }
}

export const aiSdkOnAnthropic = aiSdk('anthropic', '@ai-sdk/anthropic', headers =>
  createAnthropic({ headers: { ...headers } })('claude-sonnet-5-5'),
)

export const aiSdkOnOpenai = aiSdk('openai', '@ai-sdk/openai', headers =>
  createOpenAI({ headers: { ...headers } })('gpt-5'),
)
