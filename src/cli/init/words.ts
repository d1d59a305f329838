/** Providers that a client module can be written for. */
export const providerNames = ['anthropic', 'openai', 'gemini', 'bedrock', 'vertex'] as const
export type ProviderName = (typeof providerNames)[number]

export const ciNames = ['github', 'gitlab', 'none'] as const
export type Ci = (typeof ciNames)[number]

/** What the app asks with: the provider's own SDK, one of two libraries for all of them, or no package at all. */
export type Sdk = 'own' | 'ai' | 'langchain' | 'fetch'

/** What `init` is to write. */
export interface Plan {
  /** The client module, relative to the project. */
  readonly client: string
  readonly provider: ProviderName
  readonly sdk: Sdk
  /** What the client module imports. */
  readonly packages: readonly string[]
  readonly ci: Ci
}

/** A file to write, relative to the project. */
export interface NewFile {
  readonly path: string
  readonly text: string
}
