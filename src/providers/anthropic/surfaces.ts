/** What can fail alone at Anthropic. `chat` is the product claude.ai, never an API. */
export const surfaces = [
  'chat',
  'console',
  'login',
  'code',
  'status',
  'api',
  'api.messages',
  'api.count-tokens',
  'api.batches',
  'api.files',
  'api.models',
] as const

export type Surface = (typeof surfaces)[number]

const productHosts: Readonly<Record<string, Surface>> = {
  'claude.ai': 'chat',
  'www.claude.ai': 'chat',
  'console.anthropic.com': 'console',
  'platform.claude.com': 'console',
  'code.claude.com': 'code',
}

const apiHost = 'api.anthropic.com'

export const hosts: readonly string[] = [apiHost, ...Object.keys(productHosts)]

// A gateway may put a prefix before it, and the AI SDK's own base URL has the /v1 that this one lacks.
const endpoint =
  /(?:^|\/)(?<version>v1\/)?(?<name>messages\/count_tokens|messages\/batches(?:\/.+)?|messages|files(?:\/.+)?|models(?:\/[^/]+)?)\/*$/

const login = /^\/(?:login|logout|oauth|magic-link|v1\/oauth|api\/auth)(?:\/|$)/

// Where tokens are to be had: at the console, and at the API itself, for machines.
const token = /(?:^|\/)v1\/oauth\/token\/*$/

/**
 * What a request is for, told by host, else by path. On hosts that are not Anthropic's a path alone proves little
 * (other services have a `/v1/messages` too), so `claimed` asks whether the request speaks Anthropic's protocol.
 */
export function surfaceOf(method: string, url: URL, claimed: (named: Surface) => boolean): Surface | undefined {
  const product = productHosts[url.hostname]
  if (product !== undefined) {
    if (login.test(url.pathname)) return 'login'
    return product === 'chat' && /^\/code(?:\/|$)/.test(url.pathname) ? 'code' : product
  }
  if (token.test(url.pathname) && (url.hostname === apiHost || claimed('login'))) return 'login'
  const named = endpointOf(method, url.pathname)
  if (url.hostname === apiHost) return named ?? 'api'
  return named !== undefined && claimed(named) ? named : undefined
}

function endpointOf(method: string, path: string): Surface | undefined {
  const name = endpoint.exec(path)?.groups?.['name']
  if (name === undefined) return undefined
  if (name.startsWith('messages/batches')) return 'api.batches'
  if (name === 'messages/count_tokens') return 'api.count-tokens'
  if (name === 'messages') return method === 'POST' ? 'api.messages' : undefined
  if (name.startsWith('files')) return 'api.files'
  return method === 'GET' ? 'api.models' : undefined
}
