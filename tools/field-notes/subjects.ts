import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Integration } from '../../src/model/integration.ts'

/** A library as a plain user would use it: whatever it does by default. */
export interface Subject {
  /** Heading, and what the claims call it by. */
  readonly name: string
  /** Of the client module, from the root of the checkout. */
  readonly file: string
  readonly provider: string
  /** npm packages whose versions decide what is seen; the first is the subject. */
  readonly packages: readonly string[]
  /** How it is used, in a sentence. */
  readonly used: string
}

export const subjects: readonly Subject[] = [
  {
    name: 'Anthropic SDK',
    file: 'src/clients/bare-sdk.ts',
    provider: 'anthropic',
    packages: ['@anthropic-ai/sdk'],
    used: '`messages.create()`, and `for await` over `messages.create({ stream: true })`.',
  },
  {
    name: 'OpenAI SDK',
    file: 'src/clients/bare-openai.ts',
    provider: 'openai',
    packages: ['openai'],
    used: '`chat.completions.create()`, and `for await` over the same with `stream: true`.',
  },
  {
    name: 'Vercel AI SDK',
    file: 'fixtures/field/ai-sdk.ts',
    provider: 'anthropic',
    packages: ['ai', '@ai-sdk/anthropic'],
    used: '`generateText()`, and the `textStream` of `streamText()`.',
  },
  {
    name: 'LangChain',
    file: 'fixtures/field/langchain.ts',
    provider: 'anthropic',
    packages: ['@langchain/anthropic', '@langchain/core', '@anthropic-ai/sdk'],
    used: '`ChatAnthropic.invoke()` and `.stream()`.',
  },
  {
    name: 'p-retry',
    file: 'fixtures/field/p-retry.ts',
    provider: 'anthropic',
    packages: ['p-retry', '@anthropic-ai/sdk'],
    used: '`pRetry(() => …)` around the Anthropic SDK, both with their defaults.',
  },
  {
    name: 'cockatiel',
    file: 'fixtures/field/cockatiel.ts',
    provider: 'anthropic',
    packages: ['cockatiel', '@anthropic-ai/sdk'],
    used: 'three retries with `ExponentialBackoff` around a breaker of five consecutive failures, around the Anthropic SDK.',
  },
  {
    name: 'opossum',
    file: 'fixtures/field/opossum.ts',
    provider: 'anthropic',
    packages: ['opossum', '@anthropic-ai/sdk'],
    used: '`new CircuitBreaker(ask)` around the Anthropic SDK, both with their defaults.',
  },
]

export const root = resolve(import.meta.dirname, '../..')

export async function clientOf({ file }: Subject): Promise<Integration> {
  const { default: integration }: { default: Integration } = await import(resolve(root, file))
  return integration
}

/** `@anthropic-ai/sdk 1.12.0`, as installed. */
export function versionsOf({ packages }: Subject): readonly string[] {
  const require = createRequire(resolve(root, 'package.json'))
  return packages.map(name => {
    const { version }: { version: string } = require(resolve(root, 'node_modules', name, 'package.json'))
    return `${name} ${version}`
  })
}
