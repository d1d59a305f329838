import { connect, createServer } from 'node:net'
import { invariant } from '../../lib/invariant.ts'

/**
 * Below the ports that Linux (32768) and macOS (49152) give to whoever connects or asks for any: a port that a fault
 * keeps closed for an hour must still be free when it opens again.
 */
const first = 20_000
const count = 9_000

let next = process.pid * 131

/** A port of 127.0.0.1 on which nobody listens now, and which nobody is given by chance. */
export async function quietPort(): Promise<number> {
  for (let tried = 0; tried < count; tried++) {
    const port = first + (next++ % count)
    if (await canListen(port)) return port
  }
  invariant(false, 'nine thousand ports are taken')
}

function canListen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether somebody accepts connections on a port of 127.0.0.1. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
