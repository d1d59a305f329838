import type { ApiError } from './errors.ts'

/** What an endpoint without a model answers: a document, or how it turns the request down. */
export type Reply = Page | ApiError

export interface Page {
  readonly contentType: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export function jsonReply(value: unknown, headers: Readonly<Record<string, string>> = {}): Page {
  return { contentType: 'application/json', text: JSON.stringify(value), headers }
}

export function notFound(message = 'The requested resource could not be found.'): ApiError {
  return { status: 404, type: 'not_found_error', message }
}

export function invalid(message: string, errorCode?: string): ApiError {
  const details = errorCode === undefined ? undefined : { error_code: errorCode }
  return { status: 400, type: 'invalid_request_error', message, details }
}
