import { anthropic } from './anthropic/provider.ts'
import { bedrock } from './bedrock/provider.ts'
import { gemini } from './gemini/provider.ts'
import { openai } from './openai/provider.ts'
import type { Provider } from './provider.ts'
import { openaiStatus } from './statuspage/site.ts'
import { withStatusPage } from './statuspage/with-status-page.ts'
import { vertex } from './vertex/provider.ts'

/** Every provider that can be simulated. The first that recognises a request has it. */
export const providers: readonly Provider[] = [anthropic, withStatusPage(openai, openaiStatus), gemini, bedrock, vertex]

/** Surfaces by provider, for all that a scenario may name. */
export const providerSurfaces: ReadonlyMap<string, readonly string[]> = new Map(
  providers.map(({ id, surfaces }) => [id, surfaces] as const),
)
