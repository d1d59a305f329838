import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { type Connection, secured } from './connection.ts'

/** What a server shows to who asks for TLS; both PEM. */
export interface ServerCertificate {
  readonly key: string
  readonly cert: string
}

/** A port that speaks both: who begins with a handshake gets TLS, whoever else is left alone. */
export interface Secure {
  /** `fails`: whether handshakes fail now, asked as one begins. `onReady`: HTTP can be spoken on this socket. */
  accept(connection: Connection, to: { fails(): boolean; onReady(socket: Socket): void }): void
}

/** First byte of a record that begins a handshake (RFC 8446 §5.1): no request of HTTP begins with it. */
const handshake = 0x16

/** Throws what OpenSSL says of a key or a certificate that are none. */
export function secureWith({ key, cert }: ServerCertificate): Secure {
  const secureContext = createSecureContext({ key, cert })
  return {
    accept(connection, { fails, onReady }) {
      const { raw } = connection
      raw.once('data', (first: Buffer) => {
        raw.pause()
        // The other side has said hello and is dropped, as by an edge that breaks down within the handshake.
        if (first[0] === handshake && fails()) return raw.destroy()
        raw.unshift(first)
        if (first[0] !== handshake) {
          onReady(raw)
          raw.resume()
          return
        }
        const inner = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
        secured(connection, inner)
        // A client that does not trust us, or goes away meanwhile.
        inner.on('error', () => raw.destroy())
        inner.once('secure', () => onReady(inner))
      })
    },
  }
}
