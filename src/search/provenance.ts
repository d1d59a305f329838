import { dirname } from 'node:path'
import { manifestUpwards, versionOf } from '../clients/manifest.ts'
import type { Json } from '../model/scenario.ts'
import { version } from '../run/version.ts'

/** Packages whose version decides what a client does about an outage. */
const packages = [
  '@anthropic-ai/sdk',
  '@anthropic-ai/bedrock-sdk',
  '@anthropic-ai/vertex-sdk',
  'openai',
  '@google/genai',
  'ai',
  '@langchain/core',
] as const

/** What was at work: it explains a journal that differs, and is not needed to replay. */
export function versionsAtWork(clientPath: string | undefined): Readonly<Record<string, Json>> {
  const sdks = clientPath === undefined ? {} : sdkVersions(dirname(clientPath))
  return {
    blackstart: version,
    node: process.versions.node,
    ...(Object.keys(sdks).length > 0 && { packages: sdks }),
  }
}

/** The versions that modules in `folder` would get, of packages that its project itself asks for. */
function sdkVersions(folder: string): Readonly<Record<string, string>> {
  const asked = askedFor(folder)
  return Object.fromEntries(
    packages
      .filter(name => asked.has(name))
      .flatMap(name => {
        const installed = versionOf(name, folder)
        return installed === undefined ? [] : [[name, installed]]
      }),
  )
}

function askedFor(folder: string): ReadonlySet<string> {
  const manifest = manifestUpwards(folder) ?? {}
  const names = ['dependencies', 'devDependencies', 'peerDependencies'].flatMap(key => {
    const list = manifest[key]
    return typeof list === 'object' && list !== null ? Object.keys(list) : []
  })
  return new Set(names)
}
