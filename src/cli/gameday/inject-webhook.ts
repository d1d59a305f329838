import { ambientClock } from '../../clock/clock.ts'
import { nativeFetch } from '../../engines/active-tap.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Json } from '../../model/scenario.ts'

/** A receiver has so long, real ms. */
const withinMs = 5_000

/** Where injects go besides the terminal. */
export interface InjectWebhook {
  /** Resolves to why it was not taken; to nothing when it was. Never rejects. */
  send(body: Readonly<Record<string, Json>>): Promise<string | undefined>
}

/** Reads `--inject-webhook`. What is told to others goes to this address alone: no redirect is followed. */
export function injectWebhook(address: string): InjectWebhook {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `--inject-webhook ${address}: this is no web address.`,
      'Write it like http://127.0.0.1:9000/injects.',
    )
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--inject-webhook: an address with a password in it ends up in logs.',
      'Put a secret into its path, or leave it out.',
    )
  return {
    async send(body) {
      const enough = new AbortController()
      const cancel = ambientClock.after(withinMs, () => enough.abort())
      try {
        const { status, body: answer } = await nativeFetch(url, {
          ...{ method: 'POST', redirect: 'manual', signal: enough.signal, body: JSON.stringify(body) },
          headers: { 'content-type': 'application/json' },
        })
        await answer?.cancel()
        return status >= 200 && status < 300 ? undefined : `${url.host} answered with ${status}`
      } catch (error) {
        if (enough.signal.aborted) return `${url.host} took longer than ${withinMs / 1_000} s`
        return `${url.host} could not be reached (${reasonOf(error)})`
      } finally {
        cancel()
      }
    },
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return String(cause)
}
