/** An exception of Bedrock's runtime: its status outside a stream, and what it says. */
export interface Exception {
  readonly name: string
  readonly status: number
  readonly message: string
}

const messages: Readonly<Record<string, readonly [status: number, message: string]>> = {
  AccessDeniedException: [403, "You don't have access to the model with the specified model ID."],
  ExpiredTokenException: [403, 'The security token included in the request is expired'],
  InternalServerException: [
    500,
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  MissingAuthenticationTokenException: [403, 'Missing Authentication Token'],
  ModelErrorException: [424, 'The model returned an error. Try your request again.'],
  ModelNotReadyException: [429, 'Model is not ready for inference. Wait and try your request again.'],
  ModelStreamErrorException: [
    424,
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  ModelTimeoutException: [408, 'Model has timed out in processing the request. Try your request again.'],
  ResourceNotFoundException: [404, 'Could not resolve the foundation model from the provided model identifier.'],
  ServiceQuotaExceededException: [400, 'Your request exceeds the service quota for your account.'],
  ServiceUnavailableException: [503, 'Bedrock is unable to process your request.'],
  ThrottlingException: [429, 'Too many requests, please wait before trying again.'],
  UnknownOperationException: [404, 'Unknown operation'],
  UnrecognizedClientException: [403, 'The security token included in the request is invalid.'],
  ValidationException: [400, 'Malformed input request, please reformat your input and try again.'],
}

/** The exception of that name, with its usual words. */
export function exceptionNamed(name: string, message?: string): Exception {
  const [status, usual] = messages[name] ?? [500, `The request failed: ${name}`]
  return { name, status, message: message ?? usual }
}

/** Anthropic's types of errors, which scenarios written for its API use, in Bedrock's words. */
const asBedrock: Readonly<Record<string, string>> = {
  overloaded_error: 'ServiceUnavailableException',
  rate_limit_error: 'ThrottlingException',
  api_error: 'InternalServerException',
  timeout_error: 'ModelTimeoutException',
  invalid_request_error: 'ValidationException',
  authentication_error: 'UnrecognizedClientException',
  permission_error: 'AccessDeniedException',
  not_found_error: 'ResourceNotFoundException',
}

/** What a scenario calls `type`: `throttlingException` and `ThrottlingException` are the same. */
export function exceptionOf(type: string, message?: string): Exception {
  const own = `${type.charAt(0).toUpperCase()}${type.slice(1)}`
  return exceptionNamed(asBedrock[type] ?? (own in messages ? own : 'ModelStreamErrorException'), message)
}

/** The name as it stands in a stream: `throttlingException`. */
export function inStream({ name }: Exception): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}
