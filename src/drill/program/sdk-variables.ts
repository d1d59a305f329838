import { googleCredentialsFile } from '../../clients/google-credentials.ts'
import type { Provider } from '../../providers/provider.ts'

type Variables = (base: string, canary: string) => Readonly<Record<string, string>>

/**
 * What SDKs and frameworks of other languages read besides the variables that a provider itself names, by provider. Two
 * keys open each platform that carries a provider's own protocol under another name: its base URL is that provider's.
 */
const variables: Readonly<Record<string, Variables>> = {
  anthropic: (base, canary) => ({
    // LangChain, then LiteLLM.
    ANTHROPIC_API_URL: base,
    ANTHROPIC_API_BASE: base,
    // Anthropic's SDKs for Azure and for the platform on AWS: its own protocol and header.
    ANTHROPIC_FOUNDRY_BASE_URL: base,
    ANTHROPIC_FOUNDRY_API_KEY: canary,
    ANTHROPIC_AWS_BASE_URL: base,
    ANTHROPIC_AWS_API_KEY: canary,
    ANTHROPIC_AWS_WORKSPACE_ID: 'blackstart-canary',
  }),
  openai: base => ({
    // LangChain, LiteLLM, and OpenAI's first SDK for Python.
    OPENAI_API_BASE: `${base}/v1`,
    AZURE_OPENAI_ENDPOINT: base,
    AZURE_API_BASE: base,
  }),
  gemini: base => ({
    // The part of Google's SDK for TypeScript that has a client of its own, then LiteLLM.
    GEMINI_NEXT_GEN_API_BASE_URL: base,
    GEMINI_API_BASE: base,
  }),
  bedrock: base => ({
    // The AWS SDKs of every language, then LiteLLM.
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: base,
    AWS_BEDROCK_RUNTIME_ENDPOINT: base,
    // boto3 does not read AWS_REGION.
    AWS_DEFAULT_REGION: 'us-east-1',
    // Protocols of Bedrock that are not simulated: they get its answer for that, and go nowhere real.
    ANTHROPIC_BEDROCK_MANTLE_BASE_URL: `${base}/anthropic`,
    AWS_BEDROCK_BASE_URL: `${base}/openai/v1`,
  }),
  vertex: (base, canary) => ({
    GOOGLE_APPLICATION_CREDENTIALS: googleCredentialsFile(canary, `${base}/token`),
    // Google's SDKs when they are told to ask Vertex, and Anthropic's for its platform there.
    GOOGLE_VERTEX_BASE_URL: base,
    ANTHROPIC_GOOGLE_CLOUD_BASE_URL: base,
  }),
}

/** Variables by which SDKs find `provider` at `base`, besides those of `provider.env`. */
export function moreVariables({ id, canary }: Provider, base: string): Readonly<Record<string, string>> {
  return variables[id]?.(base, canary) ?? {}
}
