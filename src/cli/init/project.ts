import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Ci, type ProviderName, providerNames, type Sdk } from './words.ts'

/** What can be told of a project by looking at it. */
export interface Project {
  readonly folder: string
  readonly hasManifest: boolean
  /** Packages that it names as its own. */
  readonly packages: readonly string[]
  readonly ci: Ci
  readonly hasGitlabFile: boolean
}

/** Looks at the project around `cwd`: the nearest folder upwards with a package.json, else `cwd` itself. */
export function lookAt(cwd: string): Project {
  const folder = nearest(cwd, 'package.json') ?? resolve(cwd)
  const root = nearest(folder, '.git') ?? folder
  const hasGitlabFile = existsSync(join(root, '.gitlab-ci.yml'))
  return {
    folder,
    hasManifest: existsSync(join(folder, 'package.json')),
    packages: packagesOf(join(folder, 'package.json')),
    ci: existsSync(join(root, '.github')) ? 'github' : hasGitlabFile ? 'gitlab' : 'none',
    hasGitlabFile,
  }
}

function nearest(from: string, name: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

function packagesOf(manifest: string): readonly string[] {
  try {
    const {
      dependencies,
      devDependencies,
      peerDependencies,
      optionalDependencies,
    }: Record<string, object | undefined> = JSON.parse(readFileSync(manifest, 'utf8'))
    const all = { ...optionalDependencies, ...peerDependencies, ...devDependencies, ...dependencies }
    return Object.keys(all)
  } catch {
    return []
  }
}

/** What is used where a project has several: the library nearest to the app's own code. */
const sdks: readonly {
  readonly sdk: Sdk
  readonly needs: Readonly<Partial<Record<ProviderName, readonly string[]>>>
}[] = [
  {
    sdk: 'ai',
    needs: {
      anthropic: ['ai', '@ai-sdk/anthropic'],
      openai: ['ai', '@ai-sdk/openai'],
      gemini: ['ai', '@ai-sdk/google'],
    },
  },
  {
    sdk: 'langchain',
    needs: {
      anthropic: ['@langchain/anthropic'],
      openai: ['@langchain/openai'],
      gemini: ['@langchain/google-genai'],
    },
  },
  {
    sdk: 'own',
    needs: {
      anthropic: ['@anthropic-ai/sdk'],
      openai: ['openai'],
      gemini: ['@google/genai'],
      bedrock: ['@anthropic-ai/bedrock-sdk'],
      vertex: ['@anthropic-ai/vertex-sdk'],
    },
  },
]

export interface Guess {
  readonly provider: ProviderName
  readonly sdk: Sdk
  /** What it needs. */
  readonly packages: readonly string[]
  /** They are among the project's own. */
  readonly isKnown: boolean
}

/** Which SDK the app most likely asks with; of `provider`, where that is given. */
export function guessSdk(packages: readonly string[], provider?: ProviderName): Guess {
  for (const { sdk, needs } of sdks)
    for (const name of provider === undefined ? providerNames : [provider]) {
      const wanted = needs[name]
      if (wanted?.every(one => packages.includes(one))) return { provider: name, sdk, packages: wanted, isKnown: true }
    }
  const unknown = provider ?? 'anthropic'
  // Their requests are signed: that is nothing to write by hand.
  const signed = unknown === 'bedrock' || unknown === 'vertex' ? (sdks.at(-1)?.needs[unknown] ?? []) : []
  return { provider: unknown, sdk: signed.length > 0 ? 'own' : 'fetch', packages: signed, isKnown: false }
}
