/** What can fail alone at Bedrock: the calls in the model's own format, those in Bedrock's, and the counting of tokens. */
export const surfaces = ['api', 'api.invoke', 'api.converse', 'api.count-tokens'] as const

export type Surface = (typeof surfaces)[number]

export const hosts: readonly string[] = ['bedrock-runtime.us-east-1.amazonaws.com']

export interface Endpoint {
  readonly surface: Surface
  readonly model: string
  readonly streaming: boolean
}

const path =
  /(?:^|\/)model\/(?<model>[^/]+)\/(?<action>invoke|invoke-with-response-stream|converse|converse-stream|count-tokens)\/*$/

const actions: Readonly<Record<string, Omit<Endpoint, 'model'>>> = {
  invoke: { surface: 'api.invoke', streaming: false },
  'invoke-with-response-stream': { surface: 'api.invoke', streaming: true },
  converse: { surface: 'api.converse', streaming: false },
  'converse-stream': { surface: 'api.converse', streaming: true },
  'count-tokens': { surface: 'api.count-tokens', streaming: false },
}

/** The operation that a path names; no other service has such paths. */
export function endpointOf(method: string, pathname: string): Endpoint | undefined {
  const { model = '', action = '' } = path.exec(pathname)?.groups ?? {}
  const known = actions[action]
  if (method !== 'POST' || known === undefined) return undefined
  return { ...known, model: decoded(model) }
}

const runtimeHost =
  /^(?:[\w-]+\.)?bedrock-runtime(?:-fips)?\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|vpce\.amazonaws\.com)$/

/** The region of one of Bedrock's own hosts; `undefined` for all others. */
export function regionOfHost(hostname: string): string | undefined {
  return runtimeHost.exec(hostname)?.groups?.['region']
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
