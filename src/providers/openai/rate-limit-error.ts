import type { AnswerOptions } from '../../model/effect.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import type { ApiError } from './api-error.ts'
import { type Budget, budgets, duration, organizationName } from './headers.ts'

/**
 * The 429 of a budget that is used up: it names the budget, what was used of it and when to try again, and so agrees
 * with the headers. Some clients read the time from the words alone.
 */
export function rateLimitError(request: Recognised, context: RenderContext, options: AnswerOptions): ApiError {
  const { model = '' } = request
  const { retryAfter } = options
  const { kind, name, limit, used, requested } = exhausted(request, context, options)
  const again = retryAfter === undefined ? '' : ` Please try again in ${duration(retryAfter.ms)}.`
  return {
    status: 429,
    message:
      `Rate limit reached for ${model} in organization ${organizationName} on ${name}: Limit ${limit}, Used ${used}, ` +
      `Requested ${requested}.${again} Visit https://platform.openai.com/account/rate-limits to learn more.`,
    type: kind,
    param: null,
    code: 'rate_limit_exceeded',
  }
}

/** The live budget that has no room for the request; that of requests where no limit is behind the error. */
function exhausted(request: Recognised, context: RenderContext, options: AnswerOptions) {
  const { requests, tokens } = budgets(request, context, options)
  const short = context.rateLimits.find(({ dimension, remaining }) => remaining < costOf(dimension, request))
  if (short !== undefined && short.dimension !== 'requests') {
    const requested = Math.max(1, request.inputTokens + request.maxOutputTokens)
    return { kind: 'tokens', name: 'tokens per min (TPM)', requested, ...use(tokens) }
  }
  return { kind: 'requests', name: 'requests per min (RPM)', requested: 1, ...use(requests) }
}

function use({ limit, remaining }: Budget) {
  return { limit: Math.floor(limit), used: Math.max(0, Math.floor(limit - remaining)) }
}

function costOf(dimension: string, { inputTokens, maxOutputTokens }: Recognised): number {
  if (dimension === 'requests') return 1
  return Math.max(1, dimension === 'input_tokens' ? inputTokens : maxOutputTokens)
}
