import { surfaceName } from '../model/arrival.ts'
import type { AttemptRecord, CallRecord, JournalView } from './view.ts'

/** Slack of every comparison with a time the provider asked for: clocks and rounding, ms. */
export const slackMs = 10

/** A worker that lets this long pass is patient: it loads nobody, whatever it asks again. */
export const patientMs = 30_000

/** Full name of what an attempt was sent to: `anthropic.api.messages`. */
export function surfaceOf(attempt: AttemptRecord): string {
  return surfaceName(attempt.started.provider, attempt.started.surface)
}

/** The first attempt of `call` after its `i`th that `isSame` and that could know the `i`th's answer. */
export function followUp(
  call: CallRecord,
  i: number,
  isSame: (a: AttemptRecord, b: AttemptRecord) => boolean,
): AttemptRecord | undefined {
  const attempt = call.attempts[i]
  const knownMs = attempt?.headersMs
  if (!attempt || knownMs === undefined) return undefined
  for (let j = i + 1; j < call.attempts.length; j++) {
    const later = call.attempts[j]
    // A hedge that was already on its way when the answer came is no retry of it.
    if (later && later.startMs >= knownMs && isSame(attempt, later)) return later
  }
  return undefined
}

/** Whether `retry` waited as long as the error answer to `previous` asked. */
export function obeyedRetryAfter(previous: AttemptRecord, retry: AttemptRecord): boolean {
  const dueMs = retryDueMs(previous)
  return dueMs !== undefined && retry.startMs >= dueMs - slackMs
}

/** When an error answer allows the next attempt; `undefined` when it names no time. A success asks for nothing. */
export function retryDueMs({ headers, headersMs }: AttemptRecord): number | undefined {
  if (!headers || headersMs === undefined || headers.status < 400) return undefined
  const { retryAfterMs } = headers
  return retryAfterMs !== undefined && retryAfterMs > 0 ? headersMs + retryAfterMs : undefined
}

/** Whether `retry` left its predecessor's end {@link patientMs} behind. */
export function wasPatient(previous: AttemptRecord, retry: AttemptRecord): boolean {
  return previous.endMs !== undefined && retry.startMs - previous.endMs >= patientMs
}

export function succeeded(attempt: AttemptRecord): boolean {
  return attempt.ended?.outcome === 'ok'
}

/** Full names of all surfaces the app sent something to, in order of their first attempt. */
export function surfacesUsed(view: JournalView): ReadonlySet<string> {
  return new Set(view.attempts.map(surfaceOf))
}
