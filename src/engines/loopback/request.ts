import type { IncomingMessage } from 'node:http'
import type { WireRequest } from '../../providers/provider.ts'

/** Longer bodies are not read: no provider takes them. */
const largestBody = 256 * 2 ** 20

/** The whole body; `undefined` when the client went away before it was there, or it is larger than any provider takes. */
export function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise(resolve => {
    const pieces: Buffer[] = []
    let size = 0
    message.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > largestBody) {
        message.destroy()
        resolve(undefined)
      } else pieces.push(piece)
    })
    message.once('end', () => resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)))
    message.once('error', () => resolve(undefined))
    message.once('close', () => resolve(undefined))
  })
}

/** Names in lower case; what stands more than once is joined, as `fetch` joins it. */
export function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  const all = message.headers
  for (const name in all) {
    const value = all[name]
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

export interface Arrived {
  readonly method: string
  /** As if it had been sent to the provider's own host. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** As providers read it. */
export function wireOf({ method, url, headers, body }: Arrived): WireRequest {
  return { method, url, headers, body: body.toString('utf8'), bodyBytes: body.length }
}
