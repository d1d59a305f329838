import type { AnswerOptions } from '../model/effect.ts'

/**
 * The headers that say when to retry, in the spelling asked for. Seconds are rounded up, so that nobody is called back
 * too early. `sentMs`: when the headers go out, ms since the epoch; an HTTP date counts from there.
 */
export function retryHeaders(options: AnswerOptions, sentMs: number): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  if (options.retryAfter !== undefined) {
    const { as, ms } = options.retryAfter
    switch (as) {
      case 'seconds':
        headers['retry-after'] = String(Math.ceil(ms / 1_000))
        break
      case 'date':
        headers['retry-after'] = new Date(Math.ceil((sentMs + ms) / 1_000) * 1_000).toUTCString()
        break
      case 'ms':
        headers['retry-after-ms'] = String(Math.ceil(ms))
        break
    }
  }
  if (options.shouldRetry !== undefined) headers['x-should-retry'] = String(options.shouldRetry)
  return headers
}
