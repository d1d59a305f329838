import type { FaultRef } from '../model/scenario.ts'

/** What a status of a log means: an answer, a fault, and what had to be assumed to name it. */
export interface Meaning {
  /** `ok`, a status code, or a word for what has none; rows of the same name are counted together. */
  readonly name: string
  /** Absent for what is well. */
  readonly fault?: FaultRef
  readonly assumed?: string
}

const fault = (id: string, params: FaultRef['params'] = {}): FaultRef => ({ id, params })

const ok: Meaning = { name: 'ok' }
const timeout: Meaning = {
  name: 'timeout',
  fault: fault('black-hole'),
  assumed: 'that a timeout was a request which is accepted and never answered',
}
const connectTimeout: Meaning = { name: 'connect timeout', fault: fault('connect-stall') }
const reset: Meaning = { name: 'reset', fault: fault('reset') }
const refused: Meaning = { name: 'refused', fault: fault('refused') }
const dns: Meaning = { name: 'dns', fault: fault('dns') }
const tls: Meaning = { name: 'tls', fault: fault('tls') }
const gaveUp: Meaning = {
  name: 'gave up',
  fault: fault('black-hole'),
  assumed: 'that a client which gave up would have waited for ever',
}
const noStatus: Meaning = {
  name: 'no status',
  fault: fault('reset'),
  assumed: 'that a request without a status (0 or nothing) lost its connection',
}
const failed: Meaning = {
  name: 'failed',
  fault: fault('internal-error'),
  assumed: 'that a failure of which the log says no more was a 500',
}

/** Words, tried in order on the lower-case text. */
const words: readonly (readonly [RegExp, Meaning])[] = [
  [/^(?:ok|success|succeeded|true|passed|complete[d]?|fine)$/, ok],
  [/connect.?timeout|connecttimeout/, connectTimeout],
  [/time[d]?.?out|deadline/, timeout],
  [/econnreset|reset|socket hang up|und_err_socket|epipe|terminated|closed/, reset],
  [/econnrefused|refused|unreachable/, refused],
  [/enotfound|eai_again|\bdns\b|getaddrinfo|resolve/, dns],
  [/\btls\b|\bssl\b|certificate|handshake/, tls],
  [/abort|cancel|gave up/, gaveUp],
  [/overloaded/, { name: '529', fault: fault('overloaded') }],
  [/rate.?limit|too many requests|throttl|resource_exhausted/, { name: '429', fault: noReset('rate-limited') }],
  [/unavailable/, { name: '503', fault: fault('unavailable') }],
  [/fetch failed|network/, noStatus],
  [/^(?:err(?:or)?|fail(?:ed|ure)?|false|exception|unknown)$/, failed],
]

const byStatus: Readonly<Record<number, FaultRef>> = {
  400: fault('bad-request'),
  401: fault('unauthorized'),
  402: fault('quota'),
  403: fault('forbidden'),
  404: fault('model-missing'),
  413: fault('too-large'),
  429: noReset('rate-limited'),
  500: fault('internal-error'),
  502: fault('bad-gateway'),
  503: fault('unavailable'),
  504: fault('gateway-timeout'),
  529: fault('overloaded'),
}

/** A log seldom has the headers, so that no time to come back is made up. */
function noReset(id: string): FaultRef {
  return fault(id, { retry_after_as: 'none' })
}

/** Words that {@link meaningOf} knows, for a hint. */
export const statusWords =
  'a number such as 529, ok, timeout, reset, refused, dns, tls, ECONNREFUSED, aborted, error, or 0'

/** What a status column's cell means; `undefined` for what nobody could read. */
export function meaningOf(cell: string): Meaning | undefined {
  const text = cell.trim().toLowerCase()
  if (text === '' || text === '0' || text === '-' || text === 'null' || text === 'none') return noStatus
  const [, digits] = /^(?:http\/?[\d.]*\s+)?(\d{3})(?:\.0+)?(?:\s.*)?$/.exec(text) ?? []
  if (digits !== undefined) return ofStatus(Number(digits))
  return words.find(([pattern]) => pattern.test(text))?.[1]
}

function ofStatus(status: number): Meaning | undefined {
  if (status < 100 || status > 599) return undefined
  if (status < 400) return ok
  const name = String(status)
  const known = byStatus[status]
  if (known) return { name, fault: known }
  if (status === 499) return gaveUp
  if (status === 408) return timeout
  if (status >= 520 && status <= 530) return { name, fault: fault('origin-error', { status }) }
  return { name, fault: fault('answer', { status }) }
}
