import { currentContext } from '../attribution/attribution.ts'
import type { Fetch } from './fetch-tap.ts'
import { isLoopback } from './loopback.ts'
import { refused } from './net-errors.ts'
import { portOf } from './wire-request.ts'

/** Node's own `fetch`, captured before any run. */
export const nativeFetch: Fetch = globalThis.fetch

let active: Fetch | undefined

/** Makes `tap` the one that clients built at import time reach, until disposed of. */
export function activateTap(tap: Fetch): Disposable {
  active = tap
  return {
    [Symbol.dispose]() {
      active = undefined
    },
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
  throw refused(url.hostname, portOf(url)).asFetchError()
}

/**
 * The `fetch` of a run. A client that a module built when it was first asked, and keeps, reaches the run that asks it
 * later; what is left of this run's own code does not.
 */
export function fetchOfRun(tap: Fetch): Fetch {
  return (input, init) => {
    const isOurs = active === tap || currentContext()?.life?.isForgotten === true
    return isOurs ? tap(input, init) : importTimeFetch(input, init)
  }
}

/**
 * The `fetch` of a test: it reaches whatever run is under way, and between runs what it would reach without blackstart. A
 * client that one test built and another one uses is in the outage of the second.
 */
export const followingFetch: Fetch = (input, init) => {
  const { fetch } = globalThis
  return (active ?? (fetch === followingFetch ? nativeFetch : fetch))(input, init)
}
