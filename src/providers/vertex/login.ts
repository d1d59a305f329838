import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { document } from '../anthropic/good-answer.ts'
import { contentHeaders } from '../body.ts'
import { isForeign } from '../credential.ts'
import { frontEndAnswer, ownStatus } from '../google/front-end.ts'
import { apiHeaders } from '../google/rpc-error.ts'
import { isRecord } from '../json.ts'
import { errorMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { retryHeaders } from '../retry-after.ts'
import { issueToken } from '../tokens.ts'

const headers = {
  ...apiHeaders,
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  server: 'scaffolding on HTTPServer2',
}

/** A grant becomes a token (RFC 6749 §5): whoever had a credential gets one that the API takes, for a time. */
export function tokenAnswer(
  request: Recognised,
  context: RenderContext,
  manner: Manner,
  random: () => number,
): GoodAnswer | Respond {
  const grant = isRecord(request.json) ? request.json : {}
  if (!/\/token\/*$/.test(request.route ?? '')) return frontEndAnswer(404, 'html', {}, context)
  if (typeof grant['grant_type'] !== 'string')
    return oauthError(
      { status: 400, error: 'invalid_request', says: 'Missing required parameter: grant_type' },
      {},
      context,
    )
  if (request.key === 'none' || isForeign(request.key))
    return oauthError({ status: 400, error: 'invalid_grant', says: 'Bad Request' }, {}, context)
  const { token, expiresIn } =
    manner.kind === 'good' ? issueToken('vertex', context) : { token: 'ya29.another', expiresIn: 3_600 }
  const granted = {
    access_token: token,
    // A second has gone by, as Google counts.
    expires_in: expiresIn - 1,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    token_type: 'Bearer',
  }
  const text = `${JSON.stringify(manner.kind === 'empty' ? {} : granted, null, 2)}\n`
  const answer = document(text, headers, 60, random)
  return {
    answer: { ...answer, headers: { ...answer.headers, 'content-type': 'application/json; charset=utf-8' } },
    turn: undefined,
  }
}

interface OauthError {
  readonly status: number
  readonly error: string
  readonly says: string
}

const failed: OauthError = { status: 500, error: 'internal_failure', says: 'Backend Error' }

/** Only the refusals are OAuth's own (RFC 6749 §5.2). */
const known: Readonly<Partial<Record<ErrorKind, OauthError>>> = {
  unauthorized: { status: 401, error: 'invalid_client', says: 'Unauthorized' },
  forbidden: { status: 403, error: 'access_denied', says: 'Account Restricted' },
  'bad-request': { status: 400, error: 'invalid_grant', says: 'Token has been expired or revoked.' },
  'model-missing': { status: 400, error: 'invalid_request', says: 'Bad Request' },
  'too-large': { status: 413, error: 'invalid_request', says: 'Request Too Large' },
  'rate-limited': { status: 429, error: 'rate_limit_exceeded', says: 'Rate Limit Exceeded' },
  quota: { status: 429, error: 'rate_limit_exceeded', says: 'Rate Limit Exceeded' },
  overloaded: { ...failed, status: 503 },
  unavailable: { ...failed, status: 503 },
  'gateway-timeout': { ...failed, status: 504 },
}

export function loginError(kind: ErrorKind, options: AnswerOptions, context: RenderContext): Respond {
  const inFront = kind === 'bad-gateway' || kind === 'origin-error'
  const error = known[kind] ?? (inFront ? { ...failed, status: 502 } : failed)
  const status = ownStatus(options.status ?? error.status)
  const body = options.body ?? (inFront ? 'html' : 'json')
  if (body !== 'json') return frontEndAnswer(status, body, options, context)
  return oauthError({ ...error, status, says: options.message ?? error.says }, options, context)
}

function oauthError({ status, error, says }: OauthError, options: AnswerOptions, context: RenderContext): Respond {
  const text = `${JSON.stringify({ error, error_description: says }, null, 2)}\n`
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  return {
    type: 'respond',
    afterMs,
    status,
    headers: {
      ...contentHeaders('application/json; charset=utf-8', text),
      ...headers,
      ...retryHeaders(options, context.nowMs + afterMs),
    },
    chunks: [{ afterMs: 0, data: text }],
    end: { type: 'finish' },
    good: false,
  }
}
