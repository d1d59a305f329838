import type { AnswerOptions } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { errorMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'
import { apiHeaders, baseHeaders, rateLimitHeaders } from './headers.ts'

export interface ApiError {
  readonly status: number
  readonly message: string
  readonly type: string
  /** The field of the request that is at fault. */
  readonly param: string | null
  readonly code: string | null
}

/** An error in the API's envelope. */
export function apiError(
  { status, message, type, param, code }: ApiError,
  options: AnswerOptions,
  request: Recognised,
  context: RenderContext,
): Respond {
  const text = JSON.stringify({ error: { message, type, param, code } }, null, 2)
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  const tookMs = afterMs - 20
  const headers = {
    ...contentHeaders('application/json', text),
    // Nobody is known before the key is checked.
    ...(status === 401 ? baseHeaders(context, tookMs) : apiHeaders(context, tookMs)),
    ...(code === 'rate_limit_exceeded' && rateLimitHeaders(request, context, options)),
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  const chunks = [{ afterMs: 0, data: text }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}
