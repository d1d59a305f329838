import type { StreamError } from '../render.ts'
import type { ApiError } from './api-error.ts'

/** An error that comes inside a stream, by its type or code; the words that Anthropic has for the same are understood. */
export function errorOfType({ type, message }: StreamError): ApiError {
  const { words, ...usual } = byName[type] ?? { status: 500, type, code: null, words: `The request failed: ${type}` }
  return { ...usual, message: message ?? words, param: null }
}

interface Named {
  readonly status: number
  readonly type: string
  readonly code: string | null
  readonly words: string
}

const failed: Named = {
  status: 500,
  type: 'server_error',
  code: null,
  words: 'The server had an error while processing your request. Sorry about that!',
}

const overloaded: Named = {
  status: 503,
  type: 'service_unavailable_error',
  code: 'server_is_overloaded',
  words: 'Our servers are currently overloaded. Please try again later.',
}

const limited: Named = {
  status: 429,
  type: 'tokens',
  code: 'rate_limit_exceeded',
  words:
    'Rate limit reached on tokens per min (TPM). Visit https://platform.openai.com/account/rate-limits to learn more.',
}

const quota: Named = {
  status: 429,
  type: 'insufficient_quota',
  code: 'insufficient_quota',
  words: 'You exceeded your current quota, please check your plan and billing details.',
}

const byName: Readonly<Record<string, Named>> = {
  server_error: failed,
  api_error: failed,
  timeout_error: { ...failed, status: 504, words: 'The request timed out.' },
  service_unavailable_error: overloaded,
  server_is_overloaded: overloaded,
  overloaded_error: overloaded,
  rate_limit_exceeded: limited,
  rate_limit_error: limited,
  insufficient_quota: quota,
  invalid_request_error: {
    status: 400,
    type: 'invalid_request_error',
    code: null,
    words: 'The request could not be processed.',
  },
}
