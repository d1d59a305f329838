/**
 * The side that reads the streams, in a process of its own: raw sockets that note when each event came. What TCP carries
 * is HTTP/1.1 in chunks; an event ends in two line feeds, which chunks never do.
 */
import { connect } from 'node:net'
import { serveDeeds } from './child.ts'
import { requestText } from './question.ts'
import { machineMs, numberHeader } from './watch.ts'

export interface Streams {
  readonly port: number
  readonly count: number
  /** They are opened one after the other over this time, so that nobody waits in a queue of the kernel. */
  readonly openOverMs: number
  /** How many events each of them has. */
  readonly events: number
}

export interface Read {
  readonly number: number
  /** When each event was read: monotonic ms of the machine. */
  readonly readMs: readonly number[]
  /** What went wrong, if anything. */
  readonly failed: string | undefined
}

/** Opens all of them and reads each to its end. */
async function readAll({ port, count, openOverMs, events }: Streams): Promise<readonly Read[]> {
  const startMs = machineMs()
  const reads: Promise<Read>[] = []
  while (reads.length < count) {
    const due = Math.min(count, Math.ceil(((machineMs() - startMs) / openOverMs) * count))
    while (reads.length < due) reads.push(read(port, reads.length, events))
    await new Promise(resolve => setImmediate(resolve))
  }
  return Promise.all(reads)
}

const lineFeed = 10
const lastChunk = Buffer.from('\r\n0\r\n\r\n')

function read(port: number, number: number, events: number): Promise<Read> {
  const readMs: number[] = []
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const end = (failed?: string) => {
      resolve({ number, readMs, failed })
      socket.destroy()
    }
    let last = 0
    socket.on('data', (piece: Buffer) => {
      const now = machineMs()
      for (const byte of piece) {
        if (byte === lineFeed && last === lineFeed) readMs.push(now)
        last = byte
      }
      if (piece.subarray(-lastChunk.length).equals(lastChunk))
        end(readMs.length === events ? undefined : `had ${readMs.length} events`)
    })
    socket.once('error', error => end(error.message))
    socket.once('close', () => end('was closed'))
    socket.write(requestText('/v1/messages', { streaming: true, headers: [`${numberHeader}: ${number}`] }))
  })
}

const deeds = { readAll }
export type StreamDeeds = typeof deeds

serveDeeds(deeds)
