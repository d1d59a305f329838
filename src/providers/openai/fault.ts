import type { ApiError } from './api-error.ts'

/** Something that the API does not take in a request. */
export type Fault = Omit<ApiError, 'status'>

export function fault(message: string, param: string | null = null, code: string | null = null): Fault {
  return { message, type: 'invalid_request_error', param, code }
}

export function missing(param: string): Fault {
  return fault(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
}
