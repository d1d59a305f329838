import { shortHash } from '../hash.ts'
import { asText, isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { kept, type Store } from '../store.ts'
import { issueToken } from '../tokens.ts'
import type { Page } from './reply.ts'

/** Whether it is a token that is asked for, and not a page to sign in on. */
export function asksForToken({ surface, route }: Recognised): boolean {
  return surface === 'login' && /^POST .*\/oauth\/token\/*$/.test(route ?? '')
}

/** How a grant is turned down (RFC 6749 §5.2). */
export interface Denied {
  readonly status: 400
  readonly error: string
  readonly says: string
}

/**
 * An access token for a grant (RFC 6749 §5.1). A refresh token is good once: the next one comes with the answer, and is
 * lost with it.
 */
export function grantToken({ json }: Recognised, context: RenderContext): Page | Denied {
  const grant = isRecord(json) ? json : {}
  const type = asText(grant['grant_type'])
  const refresh = asText(grant['refresh_token'])
  switch (type) {
    case 'refresh_token':
      if (refresh === undefined || isSpent(context.store, refresh))
        return { status: 400, error: 'invalid_grant', says: 'Refresh token not found or invalid' }
      return granted(context, refresh)
    case 'authorization_code':
      return granted(context, '')
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      if (asText(grant['assertion']) === undefined)
        return { status: 400, error: 'invalid_request', says: 'assertion: Field required' }
      return granted(context)
    case undefined:
      return { status: 400, error: 'invalid_request', says: 'grant_type: Field required' }
    default:
      return { status: 400, error: 'unsupported_grant_type', says: `Unsupported grant type: ${type}` }
  }
}

/** `before`: the refresh token that was sent; machines that sign an assertion get none. */
function granted(context: RenderContext, before?: string): Page {
  const { token, expiresIn } = issueToken('anthropic', context)
  const next = before === undefined ? undefined : `sk-ant-ort01-${shortHash(`${context.attemptId} refresh`, 24)}`
  if (before) spentIn(context.store).add(before)
  const document = {
    token_type: 'Bearer',
    access_token: token,
    expires_in: expiresIn,
    ...(next !== undefined && { refresh_token: next }),
    scope: 'user:inference user:profile',
  }
  return { contentType: 'application/json', text: JSON.stringify(document), headers: { 'cache-control': 'no-store' } }
}

function isSpent(store: Store, refresh: string): boolean {
  return spentIn(store).has(refresh)
}

function spentIn(store: Store): Set<string> {
  return kept(store, 'spent refresh tokens', () => new Set<string>())
}
