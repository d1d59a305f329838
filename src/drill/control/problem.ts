/** The closed set of what the control API refuses. */
export type ProblemCode =
  | 'bad-request'
  | 'unauthorized'
  | 'host-refused'
  | 'origin-refused'
  | 'not-found'
  | 'method-not-allowed'
  /** The drill cannot do that now. */
  | 'conflict'
  | 'too-large'
  | 'unsupported-media-type'
  /** A bug of ours. */
  | 'internal'

/** The body of every refusal. */
export interface Problem {
  readonly error: { readonly code: ProblemCode; readonly message: string; readonly hint?: string }
}

const statuses: Readonly<Record<ProblemCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  'host-refused': 403,
  'origin-refused': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  internal: 500,
}

interface Facts {
  readonly message: string
  readonly hint?: string | undefined
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Ends the handling of a request with a refusal in words. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, { message, hint, headers = {} }: Facts) {
    super(message)
    this.status = statuses[code]
    this.problem = { error: { code, message, ...(hint !== undefined && { hint }) } }
    this.headers = headers
  }
}
