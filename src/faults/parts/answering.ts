import type { AnswerOptions, Effect, ErrorKind } from '../../model/effect.ts'
import type { FaultParams } from '../../model/fault.ts'
import type { Param, Params } from '../../model/param.ts'

const spellings = ['seconds', 'date', 'ms'] as const
const bodies = ['json', 'html', 'edge-json', 'text', 'empty'] as const

/** What every fault that answers with an error can be told. */
export const answerParams = {
  takes: { kind: 'duration', says: 'How long the answer takes.', default: 0 },
  message: { kind: 'text', says: "Words of the error; the provider's own when absent." },
  should_retry: { kind: 'boolean', says: 'Sent as x-should-retry; no such header when absent.' },
} as const satisfies Params

/** Who speaks: the API itself, or the edge in front of it. */
export function bodyParam(byDefault?: (typeof bodies)[number]): Param {
  const says = 'Shape of the body: the API speaks json, the edge in front of it the others'
  return byDefault === undefined
    ? { kind: 'choice', says: `${says}; what the provider is known for when absent.`, options: bodies }
    : { kind: 'choice', says: `${says}.`, options: bodies, default: byDefault }
}

/** `retry_after` and how it is spelled on the wire. */
export function retryAfterParams(byDefaultMs?: number): Params {
  return {
    retry_after:
      byDefaultMs === undefined
        ? { kind: 'duration', says: 'When to come back; no such header when absent.' }
        : { kind: 'duration', says: 'When to come back.', default: byDefaultMs },
    retry_after_as: {
      kind: 'choice',
      says: 'How retry-after is spelled: seconds, an HTTP date, retry-after-ms, or none to leave it out.',
      options: [...spellings, 'none'],
      default: 'seconds',
    },
  }
}

/** The provider's own error, with whatever of the shared parameters the fault declares. */
export function answerWith(error: ErrorKind, params: FaultParams): Effect {
  return { type: 'answer', error, options: answerOptions(params) }
}

function answerOptions(params: FaultParams): AnswerOptions {
  const ms = params.optionalNumber('retry_after')
  const as = spellings.find(spelling => spelling === params.optionalText('retry_after_as'))
  const shouldRetry = params.optionalFlag('should_retry')
  const body = bodies.find(shape => shape === params.optionalText('body'))
  const status = params.optionalNumber('status')
  const message = params.optionalText('message')
  const afterMs = params.optionalNumber('takes') ?? 0
  return {
    ...(ms !== undefined && as !== undefined && { retryAfter: { as, ms } }),
    ...(shouldRetry !== undefined && { shouldRetry }),
    ...(body !== undefined && { body }),
    ...(status !== undefined && { status }),
    ...(message !== undefined && { message }),
    ...(afterMs > 0 && { afterMs }),
  }
}
