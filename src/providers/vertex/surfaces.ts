/** What can fail alone: the exchange of tokens, and Claude's messages behind it. */
export const surfaces = ['login', 'api', 'api.messages', 'api.count-tokens'] as const

export type Surface = (typeof surfaces)[number]

const loginHost = 'oauth2.googleapis.com'

export const hosts: readonly string[] = [
  'us-east5-aiplatform.googleapis.com',
  'aiplatform.googleapis.com',
  'aiplatform.us.rep.googleapis.com',
  'aiplatform.eu.rep.googleapis.com',
  loginHost,
]

export interface Endpoint {
  readonly surface: Surface
  readonly project?: string
  /** A location of Google Cloud: `us-east5`, `eu`, `global`. */
  readonly region?: string
  /** As the path names it: `claude-sonnet-4-5@20250929`. */
  readonly model?: string
  readonly streaming: boolean
}

const path =
  /\/projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/publishers\/anthropic\/models\/(?<model>[^/]+):(?<verb>rawPredict|streamRawPredict)\/*$/

/** What a request is for: told by path, which no other service shares, else by host. */
export function endpointOf(method: string, { hostname, pathname }: URL): Endpoint | undefined {
  const groups = method === 'POST' ? path.exec(pathname)?.groups : undefined
  if (groups !== undefined) {
    const { project = '', region = '', model = '', verb } = groups
    if (model === 'count-tokens') return { surface: 'api.count-tokens', project, region, streaming: false }
    return { surface: 'api.messages', project, region, model: decoded(model), streaming: verb === 'streamRawPredict' }
  }
  if (hostname === loginHost || (hostname === 'www.googleapis.com' && pathname === '/oauth2/v4/token'))
    return { surface: 'login', streaming: false }
  const region = regionOfHost(hostname)
  if (region === undefined) return undefined
  // Where Vertex has an address of its own, tokens are to be had there too.
  return { surface: /^\/token\/*$/.test(pathname) ? 'login' : 'api', region, streaming: false }
}

function regionOfHost(hostname: string): string | undefined {
  if (hostname === 'aiplatform.googleapis.com') return 'global'
  return (
    /^(?<region>[a-z]+-[a-z]+\d+)-aiplatform\.googleapis\.com$/.exec(hostname)?.groups?.['region'] ??
    /^aiplatform\.(?<region>[a-z]{2})\.rep\.googleapis\.com$/.exec(hostname)?.groups?.['region']
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
