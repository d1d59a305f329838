import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { frontEndAnswer, ownStatus } from '../google/front-end.ts'
import { errorInfo, type RpcError, rpcErrorAnswer, rpcStatuses } from '../google/rpc-error.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import { isEventStream } from './recognise.ts'

const service = 'generativelanguage.googleapis.com'

/** The API's own errors; what stands in front of it has pages instead. */
const known: Readonly<Record<ErrorKind, (request: Recognised, options: AnswerOptions) => RpcError>> = {
  overloaded: () => rpc(503, 'The model is overloaded. Please try again later.'),
  'rate-limited': ({ model }, { retryAfter }) =>
    rpc(429, exhausted, [
      violation('GenerateRequestsPerMinutePerProjectPerModel', model),
      help,
      ...(retryAfter === undefined ? [] : [retryInfo(retryAfter.ms)]),
    ]),
  unavailable: () => rpc(503, 'The service is currently unavailable.'),
  'internal-error': () =>
    rpc(
      500,
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
    ),
  'bad-gateway': () => rpc(502, 'Bad gateway'),
  'gateway-timeout': () => rpc(504, 'Deadline expired before operation could complete.'),
  unauthorized: () => keyInvalid,
  forbidden: () => rpc(403, 'The caller does not have permission'),
  'model-missing': ({ model, route }) =>
    rpc(
      404,
      `models/${model ?? 'unknown'} is not found for API version ${/\/(v1\w*)\//.exec(route ?? '')?.[1] ?? 'v1beta'}, or is not ` +
        'supported for generateContent. Call ListModels to see the list of available models and their supported methods.',
    ),
  'bad-request': () => rpc(400, 'Request contains an invalid argument.'),
  'too-large': () =>
    rpc(400, 'The input token count (1213462) exceeds the maximum number of tokens allowed (1048576).'),
  'origin-error': () => rpc(502, 'Bad gateway'),
  // Used up for the day: no word of when to come back.
  quota: ({ model }) => rpc(429, exhausted, [violation('GenerateRequestsPerDayPerProjectPerModel', model), help]),
}

const exhausted =
  'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
  'head to: https://ai.google.dev/gemini-api/docs/rate-limits.'

const help = {
  '@type': 'type.googleapis.com/google.rpc.Help',
  links: [
    { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' },
  ],
}

function violation(quotaId: string, model = 'unknown') {
  const quotaMetric = `${service}/generate_requests_per_model`
  const quotaDimensions = { location: 'global', model }
  return {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaMetric, quotaId, quotaDimensions }],
  }
}

function retryInfo(ms: number) {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${Math.ceil(ms / 1_000)}s` }
}

const keyMessage = 'API key not valid. Please pass a valid API key.'

export const keyInvalid = rpc(400, keyMessage, [
  errorInfo('API_KEY_INVALID', service),
  { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message: keyMessage },
])

/** A caller that has shown no key at all. */
export const keyMissing = rpc(
  403,
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form " +
    'of API consumer identity to call this API.',
)

export function rpc(code: number, message: string, details?: RpcError['details']): RpcError {
  return { code, message, status: rpcStatuses[code] ?? 'UNKNOWN', ...(details && { details }) }
}

/** One of Gemini's errors, in the envelope of Google's APIs or on a page of its front end. */
export function errorAnswer(
  kind: ErrorKind,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const inFront = kind === 'bad-gateway' || kind === 'origin-error'
  const body = options.body ?? (inFront ? 'html' : 'json')
  const error = known[kind](request, options)
  const code = ownStatus(options.status ?? error.code)
  if (body !== 'json') return frontEndAnswer(code, body, options, context)
  return rpcError({ ...error, code, message: options.message ?? error.message }, options, request, context)
}

/** In Google's envelope. Asked for events, the API calls even an error that; asked for an array, it sends one. */
export function rpcError(
  error: RpcError,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const events = isEventStream(request)
  const server = 'scaffolding on HTTPServer2'
  const answer = rpcErrorAnswer({ error, inArray: request.streaming && !events, server }, options, context)
  const text = String(answer.chunks[0]?.data ?? '')
  return events ? { ...answer, headers: { ...answer.headers, ...contentHeaders('text/event-stream', text) } } : answer
}

/** Anthropic's types of errors, which scenarios written for its API use, as kinds of Gemini's. */
const kinds: Readonly<Record<string, ErrorKind>> = {
  overloaded_error: 'overloaded',
  rate_limit_error: 'rate-limited',
  api_error: 'internal-error',
  timeout_error: 'gateway-timeout',
  invalid_request_error: 'bad-request',
  authentication_error: 'unauthorized',
  permission_error: 'forbidden',
  not_found_error: 'model-missing',
}

/** The error that a scenario calls `type`: one of Google's canonical codes, or Anthropic's word for the same. */
export function errorOf(type: string, message: string | undefined, request: Recognised): RpcError {
  const kind = kinds[type]
  const usual = kind === undefined ? undefined : known[kind](request, {})
  const code =
    usual?.code ?? Number(Object.entries(rpcStatuses).find(([, status]) => status === type.toUpperCase())?.[0] ?? 500)
  const own = usual ?? (code === 503 ? known.overloaded(request, {}) : rpc(code, 'Internal error encountered.'))
  return message === undefined ? own : { ...own, message }
}
