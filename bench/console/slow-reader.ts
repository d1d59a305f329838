import { connect, type Socket } from 'node:net'
import { ambientClock } from '../../src/clock/clock.ts'
import { startChild } from '../wire/child.ts'
import type { ShowDeeds } from './show-process.ts'

export interface Slow {
  readonly perSecond: number
  readonly speed: number
  readonly assets: string
  readonly forMs: number
  /** Of 1,000 characters each. */
  readonly notes: number
}

/** What the server holds for a browser that never reads, while the log is far longer than its socket takes. */
export async function slowReader({ perSecond, speed, assets, forMs, notes }: Slow): Promise<string> {
  await using server = startChild<ShowDeeds>('../console/show-process.ts')
  const urls = await server.ask('open', { perSecond, speed, leftMs: forMs * 3, assets })
  if (!urls) throw new Error('No console was opened.')
  const socket = await neverReading(new URL(urls.facilitator))
  const characters = await server.ask('flood', { count: notes, characters: 1_000 })
  await ambientClock.sleep(forMs)
  const { sent } = await server.ask('measure', { collect: false })
  socket.destroy()
  const [stream] = sent
  if (!stream) throw new Error('The server saw no stream.')
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000).toLocaleString('en-US')} KB`
  return [
    `  a reader that never reads, for ${forMs / 1_000} s at ${perSecond.toLocaleString('en-US')} attempts a second,`,
    `with ${kilobytes(characters)} of notes to be told: the kernel took ${kilobytes(stream.bytes - stream.heldMost)},`,
    `the server held ${kilobytes(stream.heldMost)} at most`,
  ].join(' ')
}

function neverReading({ host, hostname, port, hash }: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.pause()
    socket.once('error', reject)
    socket.once('connect', () => {
      const token = hash.replace('#token=', '')
      socket.write(`GET /api/stream HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n\r\n`)
      resolve(socket)
    })
  })
}
