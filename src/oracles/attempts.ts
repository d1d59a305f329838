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

/** It waited as it was told, or long by itself, or tried a fresh key because the provider turned down the last one. */
export function isExcused(before: AttemptRecord, retry: AttemptRecord, isNewKey: boolean): boolean {
  if (obeyedRetryAfter(before, retry) || wasPatient(before, retry)) return true
  return isNewKey && keyTrouble.has(before.headers?.status ?? 0)
}

const keyTrouble: ReadonlySet<number> = new Set([401, 403, 429])

/** What the SDKs do not retry, unless `x-should-retry` says so: the request is wrong. 408 and 409 pass by themselves. */
export const permanent: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 422])

/** Whether the provider turned it down for what it is; no other provider is to be asked the same then. */
export function wasTurnedDown({ headers }: AttemptRecord): boolean {
  return headers !== undefined && permanent.has(headers.status)
}

export function succeeded(attempt: AttemptRecord): boolean {
  return attempt.ended?.outcome === 'ok'
}

/** Whether it brought the client any of a good answer. */
export function broughtText({ headers, ended }: AttemptRecord): boolean {
  return headers !== undefined && headers.status < 400 && (ended === undefined || ended.bytes > 0)
}

/** Whether it speaks of a provider in trouble: an answer of 500 or more, or none at all; never the client's own abort. */
export function isProvidersFailure({ headers, ended }: AttemptRecord): boolean {
  if (!ended || ended.outcome === 'ok' || ended.outcome === 'process-gone' || ended.outcome === 'open') return false
  if (ended.outcome === 'error') return (headers?.status ?? 0) >= 500
  return ended.outcome !== 'aborted' || headers === undefined
}

/** Whether it asked a model, and not one of the app's own services. */
export function asksModel({ started }: AttemptRecord): boolean {
  return started.provider !== 'http'
}

/** Full names of all surfaces the app sent something to, in order of their first attempt. */
export function surfacesUsed(view: JournalView): ReadonlySet<string> {
  return new Set(view.attempts.map(surfaceOf))
}
