import { type Fetch, isLoopback } from './fetch-tap.ts'
import { refused } from './net-errors.ts'

/** Node's own `fetch`, captured before any run. */
export const nativeFetch: Fetch = globalThis.fetch

let active: Fetch | undefined

/** Makes `tap` the one that clients built at import time reach, while `fn` runs. */
export async function withActiveTap<T>(tap: Fetch, fn: () => Promise<T>): Promise<T> {
  active = tap
  try {
    return await fn()
  } finally {
    active = undefined
  }
}

/**
 * The `fetch` that client modules see while they are imported. A client that keeps it reaches whatever run is under way;
 * between runs only loopback can be reached, so that a stray client never spends money.
 */
export const importTimeFetch: Fetch = async (input, init) => {
  if (active) return active(input, init)
  const url = new URL(input instanceof Request ? input.url : String(input))
  if (isLoopback(url.hostname)) return nativeFetch(input, init)
  throw refused(url.hostname, Number(url.port) || 443).asFetchError()
}
