import { type OneCallOptions, oneCall, type Seen } from '../../support/one-call.ts'

/** The same call with nothing wrong: draws are keyed, so that what a fault leaves alone is the same to the byte. */
export function good(options: OneCallOptions = {}): Promise<Seen> {
  return oneCall('{ slow-first-byte: { by: 0s } }', options)
}
