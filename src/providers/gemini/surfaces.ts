/** What can fail alone at the Gemini API. */
export const surfaces = ['api', 'api.generate', 'api.embeddings', 'api.count-tokens', 'api.models'] as const

export type Surface = (typeof surfaces)[number]

const host = 'generativelanguage.googleapis.com'

export const hosts: readonly string[] = [host]

export interface Endpoint {
  readonly surface: Surface
  readonly model: string | undefined
  readonly streaming: boolean
}

const methods: Readonly<Record<string, Omit<Endpoint, 'model'>>> = {
  generateContent: { surface: 'api.generate', streaming: false },
  streamGenerateContent: { surface: 'api.generate', streaming: true },
  embedContent: { surface: 'api.embeddings', streaming: false },
  batchEmbedContents: { surface: 'api.embeddings', streaming: false },
  countTokens: { surface: 'api.count-tokens', streaming: false },
}

const call = /(?:^|\/)(?:models|tunedModels)\/(?<model>[^/:]+):(?<method>\w+)\/*$/
const catalogue = /(?:^|\/)v1\w*\/models(?:\/(?<model>[^/:]+))?\/*$/

// These have lists of models of their own under the same path.
const othersHosts = /(?:^|\.)(?:anthropic\.com|openai\.com|googleapis\.com|amazonaws\.com)$/

/**
 * What a request is for, told by host, else by a path that no other service has. `keyed`: it shows a key in Google's own
 * header, which tells its lists of models from those of others behind a gateway.
 */
export function endpointOf(method: string, { hostname, pathname }: URL, keyed: boolean): Endpoint | undefined {
  const own = hostname === host
  // The same methods of Google Cloud's Vertex AI are not for this API.
  if (!own && pathname.includes('/publishers/')) return undefined
  const groups = method === 'POST' ? call.exec(pathname)?.groups : undefined
  const known = methods[groups?.['method'] ?? '']
  if (known !== undefined) return { ...known, model: groups?.['model'] }
  if (!own && (!keyed || othersHosts.test(hostname))) return undefined
  const listed = method === 'GET' ? catalogue.exec(pathname) : null
  if (listed !== null) return { surface: 'api.models', model: listed.groups?.['model'], streaming: false }
  return own ? { surface: 'api', model: undefined, streaming: false } : undefined
}
