import { Refused as ControlRefused } from '../drill/control/problem.ts'
import { UsageError } from '../lib/errors.ts'
import type { Problem } from './protocol.ts'

interface Facts extends Problem {
  readonly status: number
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Ends the handling of a request with a refusal in words. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor({ status, message, hint, headers = {} }: Facts) {
    super(message)
    this.status = status
    this.problem = { message, ...(hint !== undefined && { hint }) }
    this.headers = headers
  }
}

/** What cannot be done now. */
export function conflict(message: string, hint?: string): Refused {
  return new Refused({ status: 409, message, ...(hint !== undefined && { hint }) })
}

/** Refusals of ours, what the drill cannot do now, and bugs. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof ControlRefused)
    return new Refused({ status: error.status, message: error.problem.error.message, headers: error.headers })
  if (error instanceof UsageError) return conflict(error.message, error.hint)
  return new Refused({
    status: 500,
    message: `The console failed to do it: ${error instanceof Error ? error.message : error}`,
  })
}
