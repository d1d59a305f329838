import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ambientClock } from '../../clock/clock.ts'
import type { UsageError } from '../../lib/errors.ts'

export interface Place {
  readonly host: string
  /** A free one when 0. */
  readonly port: number
}

/** Resolves to the port. Rejects with what `refused` makes of why it cannot be had. */
export function listenAt(server: Server, place: Place, refused: (why: string) => UsageError): Promise<number> {
  const { port, host } = place
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(refused(`${host}:${port}: ${error.message}`)))
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo // it listens on a port
      resolve(address.port)
    })
  })
}

/** Real ms in which whoever asked may take the last of its answer. */
const lastWordsMs = 1_000

/** Takes nobody in any more, and frees the port once everybody is gone, or was given the time to go. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  const cancel = ambientClock.after(lastWordsMs, () => server.closeAllConnections())
  await closed
  cancel()
}
