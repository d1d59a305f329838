import { connect, createServer, type Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { invariant } from '../../lib/invariant.ts'

export interface RelayOptions {
  /** `cache.local:6379`: where everything is passed on to. */
  readonly address: string
  readonly clock: Clock
  /** Somebody connected. */
  onConnection?(): void
  /** The app said something on a connection; they are numbered from 0. */
  onBytes?(connection: number, bytes: number): void
}

/** A port of 127.0.0.1 that passes bytes on to a service, and sees them. */
export interface Relay extends AsyncDisposable {
  readonly port: number
  readonly connections: number
  /** Bytes that the app has sent. */
  readonly bytesIn: number
  /** Bytes that the service has sent. */
  readonly bytesOut: number
}

const connectMs = 5_000

/**
 * Stands between Toxiproxy and a TCP service, for two reasons: it sees that connections and bytes came through, and it
 * always accepts. Toxiproxy connects to what is behind it before it accepts the next one, and without a limit: a service
 * that hangs would hang the proxy, and with it the server's API.
 */
export async function openRelay({ address, clock, onConnection, onBytes }: RelayOptions): Promise<Relay> {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? []
  invariant(host !== undefined && port !== undefined, `${address} was checked`)
  const counts = { connections: 0, bytesIn: 0, bytesOut: 0 }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, app => {
    const connection = counts.connections++
    onConnection?.()
    const service = connect({ host, port: Number(port), allowHalfOpen: true })
    const cancel = clock.after(connectMs, () => breakOff(service))
    service.once('connect', cancel)
    for (const [one, other] of [
      [app, service],
      [service, app],
    ] as const) {
      sockets.add(one)
      // How it ended for the one is how it ends for the other: by FIN where `pipe` passes an end on, else by RST.
      one.once('error', () => breakOff(other))
      one.once('close', isBroken => {
        sockets.delete(one)
        cancel()
        if (isBroken || !one.readableEnded) breakOff(other)
      })
      one.pipe(other)
    }
    app.on('data', data => {
      counts.bytesIn += data.length
      onBytes?.(connection, data.length)
    })
    service.on('data', data => {
      counts.bytesOut += data.length
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const own = server.address()
  invariant(typeof own === 'object' && own, 'it listens')
  return {
    port: own.port,
    get connections() {
      return counts.connections
    },
    get bytesIn() {
      return counts.bytesIn
    },
    get bytesOut() {
      return counts.bytesOut
    },
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** By RST, as soon as there is a connection; one that is not there yet would wait for it. */
function breakOff(socket: Socket): void {
  if (socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
