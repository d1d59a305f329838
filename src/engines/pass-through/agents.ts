import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'

export type Lookup = LookupFunction

export interface AgentsOptions {
  /** Every certificate to trust, PEM; Node's own list when absent. */
  readonly ca?: readonly string[]
  readonly lookup?: Lookup
}

/** Below the 5 s after which Node's servers and uvicorn let go of a connection at rest: who sends into that very moment gets a reset, and a request that may cost money is not sent twice. */
const idleMs = 4_000

/** Connections that are kept for the next request. */
export interface Agents {
  of(base: URL): http.Agent
  destroy(): void
}

export function createAgents({ ca, lookup }: AgentsOptions): Agents {
  const shared = { keepAlive: true, timeout: idleMs, ...(lookup && { lookup }) }
  const plain = new http.Agent(shared)
  // Said outright, or NODE_TLS_REJECT_UNAUTHORIZED=0 would have its way.
  const secure = new https.Agent({ ...shared, rejectUnauthorized: true, ...(ca && { ca: [...ca] }) })
  return {
    of: base => (base.protocol === 'https:' ? secure : plain),
    destroy() {
      plain.destroy()
      secure.destroy()
    },
  }
}
