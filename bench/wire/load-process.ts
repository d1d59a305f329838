/**
 * The client's side of the bench, in a process of its own: raw sockets, so that it is the server and not the client that
 * is measured. Every connection is kept, and asks again as soon as it is answered.
 */
import { connect, type Socket } from 'node:net'
import { nativeClearTimeout, nativeNow, nativeSetTimeout } from '../../src/clock/native.ts'
import { quantile } from '../../src/lib/quantile.ts'
import { serveDeeds } from './child.ts'
import { placeholder, requestText } from './question.ts'
import { spent } from './spent.ts'

export interface Load {
  readonly port: number
  readonly connections: number
  readonly forMs: number
  /** The status that every answer must have. */
  readonly status: number
}

export interface Loaded {
  readonly requests: number
  readonly perSecond: number
  /** From the request's first byte to the answer's last, ms. */
  readonly p50Ms: number
  readonly p95Ms: number
  /** Of this process. */
  readonly cpuMs: number
}

const path = '/v1/messages'
let count = 0

async function load({ port, connections, forMs, status }: Load): Promise<Loaded> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)))
  const cpuMs = -spent({ collect: false }).cpuMs
  const started = nativeNow()
  const times = (await Promise.all(sockets.map(socket => askUntil(socket, started + forMs, status)))).flat()
  const tookMs = nativeNow() - started
  for (const socket of sockets) socket.destroy()
  return {
    requests: times.length,
    perSecond: (times.length / tookMs) * 1_000,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    cpuMs: cpuMs + spent({ collect: false }).cpuMs,
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}

/** How long each answer took, ms. Rejects when one is missing, or is not what it should be. */
function askUntil(socket: Socket, endMs: number, status: number): Promise<number[]> {
  const request = Buffer.from(requestText(path))
  const numberAt = request.indexOf(placeholder) + 1
  const begins = Buffer.from(`HTTP/1.1 ${status} `)
  const times: number[] = []
  let sentMs = 0
  let seen: Buffer | undefined
  const ask = () => {
    request.write(String(++count).padStart(placeholder.length - 1, '0'), numberAt, 'latin1')
    sentMs = nativeNow()
    socket.write(request)
  }
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('A connection was closed under way.')))
    const watchdog = nativeSetTimeout(() => reject(new Error('An answer never came.')), endMs - nativeNow() + 30_000)
    socket.on('data', (piece: Buffer) => {
      seen = seen ? Buffer.concat([seen, piece]) : piece
      const size = sizeOf(seen)
      if (size === undefined || seen.length < size) return
      if (!seen.subarray(0, begins.length).equals(begins)) return reject(new Error(seen.toString()))
      seen = undefined
      const now = nativeNow()
      times.push(now - sentMs)
      if (now < endMs) return ask()
      nativeClearTimeout(watchdog)
      resolve(times)
    })
    ask()
  })
}

const headEnd = Buffer.from('\r\n\r\n')
const lengthName = Buffer.from('content-length: ')

/** Bytes of the whole answer, once its head is there. */
function sizeOf(seen: Buffer): number | undefined {
  const end = seen.indexOf(headEnd)
  if (end < 0) return undefined
  const at = seen.indexOf(lengthName)
  if (at < 0 || at > end) throw new Error(`An answer without a length: ${seen}`)
  const from = at + lengthName.length
  return end + headEnd.length + Number.parseInt(seen.toString('latin1', from, from + 9), 10)
}

/** One answer, its head in parts. */
async function fetchOne({ port }: { readonly port: number }) {
  const [, body = ''] = requestText(path).split('\r\n\r\n')
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk-ant-canary-blackstart', 'anthropic-version': '2023-06-01' },
    body,
  })
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !ofTheConnection.has(name)))
  return { status: response.status, headers, body: await response.text() }
}

const ofTheConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive'])

const deeds = { load, fetchOne }
export type LoadDeeds = typeof deeds

serveDeeds(deeds)
