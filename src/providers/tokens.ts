import { tokenStems } from './canary.ts'
import { shortHash } from './hash.ts'
import type { RenderContext } from './provider.ts'
import { kept, type Store } from './store.ts'

const hourMs = 3_600_000

export type TokenIssuer = keyof typeof tokenStems

export interface IssuedToken {
  readonly token: string
  /** Ms since the epoch; from then on the API does not take it. */
  readonly expiresMs: number
  /** Whole seconds until then. */
  readonly expiresIn: number
}

/** Hands out an access token that is good for as long as the run's tokens are. */
export function issueToken(issuer: TokenIssuer, context: RenderContext): IssuedToken {
  const { nowMs, store, tokenLifetimeMs = hourMs, attemptId } = context
  const token = `${tokenStems[issuer]}.${shortHash(`${attemptId} token`, 24)}`
  const expiresMs = nowMs + tokenLifetimeMs
  tokensIn(store).set(token, expiresMs)
  return { token, expiresMs, expiresIn: Math.floor(tokenLifetimeMs / 1_000) }
}

/** Whether a credential has the form of a token of ours. */
export function isIssued(issuer: TokenIssuer, credential: string | undefined): credential is string {
  return credential?.startsWith(`${tokenStems[issuer]}.`) === true
}

/** What the API thinks of a token at `nowMs`. A credential that no run hands out is none of its business: `good`. */
export function checkToken(store: Store, token: string | undefined, nowMs: number): 'good' | 'expired' | 'unknown' {
  if (token === undefined) return 'good'
  const expiresMs = tokensIn(store).get(token)
  if (expiresMs === undefined) return 'unknown'
  return nowMs < expiresMs ? 'good' : 'expired'
}

/** By token, when it expires. */
function tokensIn(store: Store): Map<string, number> {
  return kept(store, 'tokens', () => new Map<string, number>())
}
