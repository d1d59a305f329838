import { redact } from '../journal/redact.ts'

/** An error as a line of a report: its name and message, redacted. */
export function describeError(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}
