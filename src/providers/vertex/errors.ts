import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { frontEndAnswer, ownStatus } from '../google/front-end.ts'
import { errorInfo, type RpcError, rpcErrorAnswer, rpcStatuses } from '../google/rpc-error.ts'
import { errorMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'
import { modelHeaders, requestId, server } from './headers.ts'

const service = 'aiplatform.googleapis.com'

/** What the platform says for itself: who may call, how often, and whether it is there. */
const platform: Readonly<Partial<Record<ErrorKind, (request: Recognised) => RpcError>>> = {
  'rate-limited': request => rpc(429, quotaExceeded('online_prediction_requests_per_base_model', request)),
  unavailable: () => rpc(503, 'The service is currently unavailable.'),
  'internal-error': () => rpc(500, 'Internal error encountered.'),
  'gateway-timeout': () => rpc(504, 'Deadline expired before operation could complete.'),
  unauthorized: () => unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED'),
  forbidden: request =>
    rpc(
      403,
      `Permission 'aiplatform.endpoints.predict' denied on resource '//${service}/${resource(request)}' (or it may not exist).`,
      [
        errorInfo('IAM_PERMISSION_DENIED', service, {
          permission: 'aiplatform.endpoints.predict',
          resource: resource(request),
        }),
      ],
    ),
  'model-missing': request =>
    rpc(
      404,
      `Publisher Model \`${resource(request)}\` was not found or your project does not have access to it. ` +
        'Please ensure you are using a valid model version. For more information, see: ' +
        'https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions',
    ),
  // A budget that is used up takes the project's billing away.
  quota: request =>
    rpc(
      403,
      `This API method requires billing to be enabled. Please enable billing on project #${projectIn(request)} and retry.`,
      [errorInfo('BILLING_DISABLED', service, { consumer: `projects/${projectIn(request)}` })],
    ),
}

/** What the model behind it says, in Anthropic's own envelope. */
const model: Readonly<Partial<Record<ErrorKind, ModelError>>> = {
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
  'bad-request': {
    status: 400,
    type: 'invalid_request_error',
    message: 'messages.0.content: Input should be a valid string',
  },
  'too-large': {
    status: 400,
    type: 'invalid_request_error',
    message: 'prompt is too long: 213462 tokens > 200000 maximum',
  },
}

export interface ModelError {
  readonly status: number
  readonly type: string
  readonly message: string
}

/** One of Vertex's errors: Google's envelope or Anthropic's, as the platform or the model speaks, or a page. */
export function errorAnswer(
  kind: ErrorKind,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const inFront = kind === 'bad-gateway' || kind === 'origin-error'
  const body = options.body ?? (inFront ? 'html' : 'json')
  const ofModel = model[kind]
  const ofPlatform = platform[kind]?.(request) ?? rpc(502, 'Bad gateway')
  const status = ownStatus(options.status ?? ofModel?.status ?? ofPlatform.code)
  if (body !== 'json') return frontEndAnswer(status, body, options, context)
  if (ofModel !== undefined)
    return modelError({ ...ofModel, status, message: options.message ?? ofModel.message }, options, context)
  return rpcError(
    { ...ofPlatform, code: status, message: options.message ?? ofPlatform.message },
    options,
    request,
    context,
  )
}

/** In Google's envelope, whose shape follows the method: one that streams sends arrays. */
export function rpcError(
  error: RpcError,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  return rpcErrorAnswer({ error, inArray: request.streaming, server }, options, context)
}

/** In Anthropic's envelope. */
export function modelError(
  { status, type, message }: ModelError,
  options: AnswerOptions,
  context: RenderContext,
): Respond {
  const text = JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId(context.attemptId) })
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  const headers = {
    ...contentHeaders('application/json', text),
    ...modelHeaders(context),
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  const chunks = [{ afterMs: 0, data: text }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}

export function unauthenticated(reason: string): RpcError {
  return rpc(
    401,
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
      'authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    [errorInfo(reason, service)],
  )
}

function rpc(code: number, message: string, details?: RpcError['details']): RpcError {
  return { code, message, status: rpcStatuses[code] ?? 'UNKNOWN', ...(details && { details }) }
}

function quotaExceeded(metric: string, { model }: Recognised): string {
  const base = `anthropic-${(model ?? '').replace(/@.*$/, '')}`
  return (
    `Quota exceeded for ${service}/${metric} with base model: ${base}. Please submit a quota increase request. ` +
    'https://cloud.google.com/vertex-ai/docs/generative-ai/quotas-genai.'
  )
}

function resource({ route, model }: Recognised): string {
  const path = /projects\/[^:]+/.exec(route ?? '')?.[0]
  return path ?? `publishers/anthropic/models/${model ?? ''}`
}

function projectIn({ route }: Recognised): string {
  return /projects\/(?<project>[^/]+)/.exec(route ?? '')?.groups?.['project'] ?? ''
}
