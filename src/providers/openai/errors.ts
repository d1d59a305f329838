import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { edgeAnswer } from '../edge.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import { type ApiError, apiError } from './api-error.ts'
import { requestId } from './headers.ts'
import { rateLimitError } from './rate-limit-error.ts'

type BodyKind = NonNullable<AnswerOptions['body']>

interface KnownError {
  readonly error: (request: Recognised, context: RenderContext, options: AnswerOptions) => ApiError
  /** Who speaks when nothing else is asked for; the API's own envelope when absent. */
  readonly body?: BodyKind
}

const invalid = { type: 'invalid_request_error', param: null } as const

/** OpenAI's documented errors, and those of the edge in front of it. */
const known: Readonly<Record<ErrorKind, KnownError>> = {
  overloaded: {
    error: () => ({
      status: 503,
      message: 'Our servers are currently overloaded. Please try again later.',
      type: 'service_unavailable_error',
      param: null,
      code: 'server_is_overloaded',
    }),
  },
  'rate-limited': { error: rateLimitError },
  unavailable: { error: (_, context) => serverError(503, context) },
  'internal-error': { error: (_, context) => serverError(500, context) },
  'bad-gateway': { error: (_, context) => serverError(502, context), body: 'html' },
  'gateway-timeout': { error: (_, context) => serverError(504, context), body: 'html' },
  unauthorized: {
    error: () => ({
      status: 401,
      ...invalid,
      message:
        'Incorrect API key provided: sk-*****************enai. You can find your API key at https://platform.openai.com/account/api-keys.',
      code: 'invalid_api_key',
    }),
  },
  forbidden: {
    error: ({ model }) => ({
      status: 403,
      ...invalid,
      message:
        model === undefined
          ? 'You have insufficient permissions for this operation.'
          : `Project \`proj_b1ac57a7b1ac57a7b1ac57a7\` does not have access to model \`${model}\``,
      code: model === undefined ? null : 'model_not_found',
    }),
  },
  'model-missing': {
    error: ({ model, route }) => (model === undefined ? noSuchUrl(route) : noSuchModel(model)),
  },
  'bad-request': {
    error: ({ surface }) => {
      const param = surface === 'api.responses' ? 'input[0].content' : 'messages[0].content'
      const message = `Invalid type for '${param}': expected one of a string or array of objects, but got an object instead.`
      return { status: 400, type: 'invalid_request_error', message, param, code: 'invalid_type' }
    },
  },
  'too-large': {
    error: () => ({
      status: 413,
      type: 'server_error',
      message: 'Maximum content size limit (26214400) exceeded (26214401 bytes read)',
      param: null,
      code: null,
    }),
  },
  'origin-error': { error: (_, context) => serverError(522, context), body: 'html' },
  quota: {
    error: () => ({
      status: 429,
      type: 'insufficient_quota',
      message:
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
        'read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
      param: null,
      code: 'insufficient_quota',
    }),
  },
}

const zone = 'api.openai.com'

/** One of OpenAI's errors, in the API's envelope or in the edge's words. */
export function errorAnswer(
  kind: ErrorKind,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const error = known[kind].error(request, context, options)
  const status = options.status ?? error.status
  const asked = options.body ?? known[kind].body ?? 'json'
  // Of an origin it cannot reach, only the edge can speak: its JSON is the edge's.
  const body = kind === 'origin-error' && asked === 'json' ? 'edge-json' : asked
  if (body === 'json')
    return apiError({ ...error, status, message: options.message ?? error.message }, options, request, context)
  const json = edgeError(status, options.message)
  const branded = kind === 'origin-error'
  return edgeAnswer({ zone, status, body, branded, ...(json && { json }) }, options, context)
}

/** A 404 for a path that is no endpoint. */
export function noSuchUrl(route: string | undefined): ApiError {
  return { status: 404, ...invalid, message: `Invalid URL (${route ?? ''})`, code: null }
}

export function noSuchModel(model: string): ApiError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  return { status: 404, ...invalid, message, code: 'model_not_found' }
}

function serverError(status: number, { attemptId }: RenderContext): ApiError {
  const message =
    'The server had an error while processing your request. Sorry about that! You can retry your request, or contact us ' +
    `through our help center at help.openai.com if the error persists. (Please include the request ID ${requestId(attemptId)} in your message.)`
  return { status, type: 'server_error', message, param: null, code: null }
}

/** What OpenAI has its edge say in JSON. As recorded with 502, 503 and 524; Cloudflare's own words with any other. */
function edgeError(status: number, said?: string) {
  const own = edgeErrors[status]
  if (own === undefined) return undefined
  return { error: { code: status, message: said ?? own.message, param: null, type: own.type } }
}

const edgeErrors: Readonly<Record<number, { message: string; type: string }>> = {
  502: { message: 'Bad gateway.', type: 'cf_bad_gateway' },
  503: { message: 'Service Unavailable.', type: 'cf_service_unavailable' },
  504: { message: 'Gateway timeout.', type: 'cf_gateway_timeout' },
  524: { message: 'Gateway timeout.', type: 'cf_gateway_timeout' },
}
