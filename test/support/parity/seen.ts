import { errorChain } from '../../../tools/fault-reference/error-chain.ts'

/** What an app has in hand of one call: kept up as it comes, so that it is there when the call breaks or hangs. */
export interface Got {
  text: string
  /** Kinds of the events that a stream handed out, in their order. */
  readonly events: string[]
  /** Whatever the call resolved to, or the raw body as far as it came. */
  returned: unknown
}

/** One HTTP request as the app's `fetch` saw it. */
export interface SeenAttempt {
  /** From the start of the call, ms. */
  readonly atMs: number
  status?: number
  headers?: Readonly<Record<string, string>>
  error?: unknown
}

/** All that an app saw of one call. */
export interface Seen {
  readonly settled: 'returned' | 'threw' | 'hangs'
  readonly error: unknown
  readonly got: Readonly<Got>
  readonly attempts: readonly SeenAttempt[]
  /** What the journal has of each of its attempts. */
  readonly recorded: readonly string[]
  /** From the call to its end, or to the end of patience. */
  readonly tookMs: number
}

/** What belongs to the connection and not to the answer, and what tells the time of day. */
const ofConnection = /^(?:connection|keep-alive|transfer-encoding|date)$/

/**
 * What was seen, for people to read and for engines to be compared by: everything but addresses and times. The same text
 * means that the app could not tell the engines apart.
 */
export function tell({ settled, error, got, attempts, recorded }: Seen): string {
  const lines = [settled === 'threw' ? `threw ${chainOf(error)}` : settled]
  for (const { status, headers = {}, error } of attempts) {
    if (error !== undefined) lines.push(`attempt: ${chainOf(error)}`)
    else lines.push(status === undefined ? 'attempt: no answer' : `attempt: ${status}`)
    for (const [name, value] of Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      if (!ofConnection.test(name)) lines.push(`  ${name}: ${timeless(value)}`)
  }
  if (got.events.length > 0) lines.push(`events: ${runs(got.events)}`)
  if (got.text !== '') lines.push(`text: ${timeless(JSON.stringify(got.text))}`)
  if (got.returned !== undefined) lines.push(`value: ${timeless(JSON.stringify(got.returned))}`)
  lines.push(...recorded.map(line => `recorded: ${line}`))
  return lines.join('\n')
}

/** `APIConnectionError "Connection error." < TypeError "fetch failed" < Error ECONNREFUSED "connect ECONNREFUSED HOST"`. */
function chainOf(error: unknown): string {
  return errorChain(error)
    .map(({ type, code, status, message }) => {
      const name = [type, code, status].filter(part => part !== undefined).join(' ')
      return `${name} ${JSON.stringify(timeless(message.replace(address, 'HOST')))}`
    })
    .join(' < ')
}

const address = /\b(?:[a-z\d-]+\.)+[a-z\d]+:\d+/g

/** Without instants, for one engine tells the simulated day and the other today's, and without what is told from any other by its number. */
function timeless(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'INSTANT')
    .replace(/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, 'INSTANT')
    .replace(/(\\?"created(?:_at)?\\?":\s*)\d{10}/g, '$1INSTANT')
    .replace(/\b(req_|msg_|toolu_|call_|chatcmpl-)\w+/g, '$1ID')
    .replace(/\b\d{4}-\d\d-01 at 00:00 UTC/g, 'INSTANT')
    .replace(/\[(q|end):x[\da-f]{8}\]/g, '[$1:OTHER]')
    .replace(/\b[\da-f]{16}(?:-FRA)?\b/g, 'RAY')
}

/** `a, b ×3, c`. */
function runs(names: readonly string[]): string {
  const told: { name: string; times: number }[] = []
  for (const name of names) {
    const last = told.at(-1)
    if (last?.name === name) last.times++
    else told.push({ name, times: 1 })
  }
  return told.map(({ name, times }) => (times === 1 ? name : `${name} ×${times}`)).join(', ')
}
