/** What can fail alone at OpenAI's API. */
export const surfaces = ['api', 'api.chat-completions', 'api.responses', 'api.embeddings', 'api.models'] as const

export type Surface = (typeof surfaces)[number]

/** Data residency has hosts of its own. */
export const hosts: readonly string[] = ['api.openai.com', 'eu.api.openai.com', 'us.api.openai.com']

// A gateway may put anything before it; Azure names the deployment there, which is the model.
const endpoint =
  /(?:^|\/)(?:deployments\/(?<deployment>[^/]+)\/)?(?<name>chat\/completions|responses(?:\/[^/]+(?:\/[a-z_]+)?)?|embeddings|models(?:\/[^/]+)?)\/*$/

// These speak protocols of their own, also where a path of theirs looks like one of OpenAI's.
const othersHosts = /(?:^|\.)(?:anthropic\.com|claude\.(?:ai|com)|googleapis\.com|amazonaws\.com)$/

/**
 * What a request is for, told by host, else by path. On hosts that are not OpenAI's a path alone proves little, so
 * `claimed` asks whether the request speaks OpenAI's protocol.
 */
export function surfaceOf(url: URL, claimed: (named: Surface) => boolean): Surface | undefined {
  const named = namedBy(url.pathname)
  if (hosts.includes(url.hostname)) return named ?? 'api'
  if (named === undefined || othersHosts.test(url.hostname)) return undefined
  return claimed(named) ? named : undefined
}

/** The deployment in an Azure path: `/openai/deployments/NAME/chat/completions`. */
export function deploymentIn(path: string): string | undefined {
  return decoded(endpoint.exec(path)?.groups?.['deployment'])
}

/** The model in `/models/ID`. */
export function modelIn(path: string): string | undefined {
  return decoded(/\/models\/([^/]+)\/*$/.exec(path)?.[1])
}

function namedBy(path: string): Surface | undefined {
  const name = endpoint.exec(path)?.groups?.['name']
  if (name === undefined) return undefined
  if (name === 'chat/completions') return 'api.chat-completions'
  if (name === 'embeddings') return 'api.embeddings'
  return name.startsWith('responses') ? 'api.responses' : 'api.models'
}

function decoded(part: string | undefined): string | undefined {
  if (part === undefined) return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
