import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { edgeAnswer } from '../edge.ts'
import { errorMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'
import { apiHeaders, rateLimitHeaders, requestId } from './headers.ts'
import { asksForToken, type Denied } from './login.ts'

type BodyKind = NonNullable<AnswerOptions['body']>

interface KnownError {
  readonly status: number
  readonly type: string
  readonly message: (request: Recognised, context: RenderContext) => string
  /** Who speaks when nothing else is asked for; the API's own envelope when absent. */
  readonly body?: BodyKind
  readonly errorCode?: string
}

/** Anthropic's documented errors, and those of the edge in front of it. */
const known: Readonly<Record<ErrorKind, KnownError>> = {
  overloaded: { status: 529, type: 'overloaded_error', message: () => 'Overloaded' },
  'rate-limited': {
    status: 429,
    type: 'rate_limit_error',
    message: () => "This request would exceed your account's rate limit. Please try again later.",
  },
  unavailable: { status: 503, type: 'api_error', message: () => 'Service temporarily unavailable' },
  'internal-error': { status: 500, type: 'api_error', message: () => 'Internal server error' },
  'bad-gateway': { status: 502, type: 'api_error', message: () => 'Bad gateway', body: 'html' },
  'gateway-timeout': { status: 504, type: 'timeout_error', message: () => 'Request timed out' },
  unauthorized: { status: 401, type: 'authentication_error', message: () => 'invalid x-api-key' },
  forbidden: {
    status: 403,
    type: 'permission_error',
    message: () => 'Your API key does not have permission to use the specified resource.',
  },
  'model-missing': {
    status: 404,
    type: 'not_found_error',
    message: ({ model }) => (model === undefined ? 'The requested resource could not be found.' : `model: ${model}`),
  },
  'bad-request': {
    status: 400,
    type: 'invalid_request_error',
    message: () => 'messages.0.content: Input should be a valid string',
  },
  'too-large': {
    status: 413,
    type: 'request_too_large',
    message: () => 'Request exceeds the maximum allowed number of bytes',
  },
  'origin-error': { status: 522, type: 'api_error', message: () => 'Connection timed out', body: 'html' },
  quota: {
    status: 429,
    type: 'rate_limit_error',
    message: (_, { nowMs }) =>
      `You have reached your API usage limits. You will regain access on ${nextMonth(nowMs)} at 00:00 UTC.`,
    errorCode: 'enforced_spend_limit_reached',
  },
}

const zone = 'api.anthropic.com'

/** One of Anthropic's errors, in the API's envelope or in the edge's words. */
export function errorAnswer(
  kind: ErrorKind,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const error = known[kind]
  const status = options.status ?? error.status
  const body = bodyKind(kind, options, request)
  if (body !== 'json') return edgeAnswer({ zone, status, body, branded: kind === 'origin-error' }, options, context)
  const message = options.message ?? error.message(request, context)
  const details = error.errorCode === undefined ? undefined : { error_code: error.errorCode }
  return apiError({ status, type: error.type, message, details }, options, context)
}

function bodyKind(kind: ErrorKind, { body }: AnswerOptions, request: Recognised): BodyKind {
  // Of an origin it cannot reach, only the edge can speak: its JSON is the edge's.
  if (kind === 'origin-error' && body === 'json') return 'edge-json'
  const { surface } = request
  const page = surface === 'console' || (surface === 'login' && !asksForToken(request))
  return body ?? known[kind].body ?? (page ? 'html' : 'json')
}

export interface ApiError {
  readonly status: number
  readonly type: string
  readonly message: string
  readonly details?: { readonly error_code: string } | undefined
}

/** An error in the API's envelope, with the request's id in header and body. */
export function apiError(error: ApiError, options: AnswerOptions, context: RenderContext): Respond {
  const { status, type, message, details } = error
  const text = JSON.stringify({
    type: 'error',
    error: { type, message, ...(details && { details }) },
    request_id: requestId(context.attemptId),
  })
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  const headers = {
    ...contentHeaders('application/json', text),
    ...senderHeaders(status, context),
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  return respond(status, headers, text, afterMs)
}

/** How a grant is turned down: in the words of OAuth, not in the API's envelope. */
export function oauthError({ status, error, says }: Denied, context: RenderContext): Respond {
  const text = JSON.stringify({ error, error_description: says })
  const headers = { ...contentHeaders('application/json', text), 'request-id': requestId(context.attemptId) }
  return respond(status, headers, text, errorMs('api', context.draw('error-pace')))
}

/** An `error` event inside a stream, whose status has long been 200. */
export function errorEvent(type: string, message: string, context: RenderContext) {
  return { type: 'error', error: { details: null, type, message }, request_id: requestId(context.attemptId) }
}

/** The status and the words that go with an error's type where the error is not inside a stream. */
export function errorOfType(type: string): { status: number; message: string } {
  const status = statuses[type] ?? 500
  const message =
    type === 'overloaded_error' ? 'Overloaded' : type === 'api_error' ? 'Internal server error' : undefined
  return { status, message: message ?? `The request failed: ${type}` }
}

const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** Who signs: nobody is known before the key is checked, and a body too large is turned away before the API. */
function senderHeaders(status: number, context: RenderContext): Record<string, string> {
  const id = requestId(context.attemptId)
  if (status === 401 || status === 413) return { 'request-id': id }
  if (status === 429) return { ...apiHeaders(context), ...rateLimitHeaders(context) }
  // As recorded with a 529.
  if (status === 529) return { ...apiHeaders(context), 'cache-control': 'no-store, no-cache', 'x-should-retry': 'true' }
  return apiHeaders(context)
}

function respond(status: number, headers: Readonly<Record<string, string>>, body: string, afterMs: number): Respond {
  const chunks = body === '' ? [] : [{ afterMs: 0, data: body }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}

function nextMonth(nowMs: number): string {
  const now = new Date(nowMs)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 10)
}
