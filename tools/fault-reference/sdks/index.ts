import type { Sdk } from '../sdk.ts'
import { aiSdkOnAnthropic, aiSdkOnOpenai } from './ai-sdk.ts'
import { anthropicSdk } from './anthropic.ts'
import { langchainOnAnthropic, langchainOnOpenai } from './langchain.ts'
import { openaiSdk } from './openai.ts'

/** The columns of the reference, provider by provider. */
export const sdks: readonly Sdk[] = [
  anthropicSdk,
  aiSdkOnAnthropic,
  langchainOnAnthropic,
  openaiSdk,
  aiSdkOnOpenai,
  langchainOnOpenai,
]
