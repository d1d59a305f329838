import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { quietPort } from '../../../../src/engines/toxiproxy/ports.ts'
import type { ProxySpec } from '../../../../src/engines/toxiproxy/proxy-state.ts'
import { openToxiproxy, type ToxiproxyServer } from '../../../../src/engines/toxiproxy/server.ts'
import { faults } from '../../../../src/faults/index.ts'
import { compilePlan, type Plan } from '../../../../src/model/timeline.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'

/**
 * The real server of this test file, built by Go where there is none, and a name for its tests that says when there is
 * none to be had.
 */
export async function realServer(): Promise<{ readonly server: ToxiproxyServer | undefined; readonly name: string }> {
  const server = await openToxiproxy({ install: true })
  if (server.type === 'server') return { server, name: 'with a real Toxiproxy' }
  return { server: undefined, name: skipped(server.says, 'with a real Toxiproxy') }
}

/** The name of tests that are left out, said aloud: a report of them alone is easily overlooked. */
export function skipped(why: string, tests: string): string {
  const name = `SKIPPED, ${why}: ${tests}`
  process.stderr.write(`${name}\n`)
  return name
}

/** A service of one connection at a time: what `answer` does with each socket. */
export async function service(answer: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    answer(socket)
  })
  const port = await listening(server)
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Says back what it hears. */
export const echo = () => service(socket => socket.on('data', data => socket.write(data)))

export async function specTo(port: number, name = 'proxy'): Promise<ProxySpec & { readonly port: number }> {
  const listen = await quietPort()
  return { name, listen: `127.0.0.1:${listen}`, upstream: `127.0.0.1:${port}`, port: listen }
}

export interface Seen {
  /** What came back. */
  readonly text: string
  /** `end` is a FIN, `open` is still there when the patience was over. */
  readonly ending: 'end' | 'open' | string
  readonly tookMs: number
}

/** Connects, says `text` if any, and listens until the connection ends, `enough` has come, or the patience is over. */
export async function say(
  port: number,
  text: string,
  { patienceMs = 400, enough }: { readonly patienceMs?: number; readonly enough?: number } = {},
): Promise<Seen> {
  const socket = connect(port, '127.0.0.1')
  const begun = performance.now()
  return listen(socket, text, begun, patienceMs, enough)
}

function listen(socket: Socket, text: string, begun: number, patienceMs: number, enough?: number): Promise<Seen> {
  let heard = ''
  return new Promise(resolve => {
    const end = (ending: string) => {
      cancel()
      socket.destroy()
      resolve({ text: heard, ending, tookMs: performance.now() - begun })
    }
    const cancel = ambientClock.after(patienceMs, () => end('open'))
    socket.on('data', data => {
      heard += data.toString('latin1')
      if (enough !== undefined && heard.length >= enough) end('open')
    })
    socket.once('end', () => end('end'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    socket.once('connect', () => {
      if (text !== '') socket.write(text)
    })
  })
}

/** A connection that is kept, and what it hears. */
export async function keep(port: number): Promise<{
  readonly socket: Socket
  ask(text: string): Promise<string>
  readonly ended: Promise<string>
}> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const ended = new Promise<string>(resolve => {
    socket.once('end', () => resolve('end'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
  return {
    socket,
    ended,
    async ask(text) {
      socket.write(text)
      const [data] = await once(socket, 'data')
      return String(data)
    },
  }
}

export const wait = (ms: number) => ambientClock.sleep(ms)

/** Resolves when `is` holds; rejects after two seconds. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await is()) return
    await wait(10)
  }
  throw new Error('it never came to that')
}

/** A scenario's text as a plan; `check` must have nothing to say. */
export function planOf(text: string): Plan {
  const { scenario, diagnostics } = parseScenario(`blackstart: 1\nid: wire\n${text}`, { catalogue })
  if (!scenario || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return compilePlan(scenario, faults)
}
