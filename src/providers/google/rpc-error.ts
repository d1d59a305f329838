import type { AnswerOptions } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { errorMs } from '../pace.ts'
import type { RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'

/** A `google.rpc.Status`, as Google's APIs put it into JSON. */
export interface RpcError {
  /** The HTTP status. */
  readonly code: number
  readonly message: string
  /** Name of the canonical code: `RESOURCE_EXHAUSTED`. */
  readonly status: string
  /** Messages of `google.rpc`, each with its `@type`. */
  readonly details?: readonly Readonly<Record<string, unknown>>[]
}

/** Status and canonical code of what can go wrong at any of Google's APIs (google.rpc.Code). */
export const rpcStatuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** As Google prints JSON: indented, and with a newline at its end. */
export function rpcErrorJson({ code, message, status, details }: RpcError): string {
  return `${JSON.stringify({ error: { code, message, status, ...(details && { details }) } }, null, 2)}\n`
}

/** Headers of everything that the frontend of Google's APIs lets through. */
export const apiHeaders: Readonly<Record<string, string>> = {
  vary: 'Origin, X-Origin, Referer',
  'x-xss-protection': '0',
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
}

export interface RpcAnswer {
  readonly error: RpcError
  /** A method that streams JSON wraps even its errors into an array. */
  readonly inArray: boolean
  readonly server: string
}

/** An error with its own status, in the envelope of Google's APIs. */
export function rpcErrorAnswer(answer: RpcAnswer, options: AnswerOptions, context: RenderContext): Respond {
  const json = rpcErrorJson(answer.error)
  const text = answer.inArray ? `[${json.trimEnd()}\n]\n` : json
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  const headers = {
    ...contentHeaders('application/json; charset=UTF-8', text),
    ...apiHeaders,
    server: answer.server,
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  return {
    type: 'respond',
    afterMs,
    status: answer.error.code,
    headers,
    chunks: [{ afterMs: 0, data: text }],
    end: { type: 'finish' },
    good: false,
  }
}

/** Why, in a word that programs can read. */
export function errorInfo(reason: string, service: string, metadata: Readonly<Record<string, string>> = {}) {
  const all = { service, ...metadata }
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: all }
}
