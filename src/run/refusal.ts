import { UsageError } from '../lib/errors.ts'

/** A `UsageError` that a test runner shows whole: runners print an error's message and nothing else. */
export function refusal(message: string, hint: string): UsageError {
  return new UsageError(`${message} ${hint}`)
}

/** Does `work`, with the hint of what it refuses in the message. */
export async function sayingAll<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof UsageError && error.hint !== undefined ? refusal(error.message, error.hint) : error
  }
}
