import { anthropic } from './anthropic/provider.ts'
import type { Provider } from './provider.ts'

/** Every provider that can be simulated. The first that recognises a request has it. */
export const providers: readonly Provider[] = [anthropic]

/** Surfaces by provider, for all that a scenario may name; those without a {@link Provider} are names so far. */
export const providerSurfaces: ReadonlyMap<string, readonly string[]> = new Map([
  ...providers.map(({ id, surfaces }) => [id, surfaces] as const),
  ['openai', ['api']],
  ['gemini', ['api']],
  ['bedrock', ['api']],
  ['vertex', ['api']],
])
