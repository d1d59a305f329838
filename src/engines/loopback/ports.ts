import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { ambientClock } from '../../clock/clock.ts'
import { UsageError } from '../../lib/errors.ts'

/** Below the ports that systems give to outgoing connections: one of those could sit on a port that is closed for a while. */
const lowestPort = 18_000
const portsToChooseFrom = 12_000
const triesAtMost = 200

/** A free port, listened on. Rejects with a `UsageError` when there is none. */
export async function listenAnywhere(host: string): Promise<{ readonly server: Server; readonly port: number }> {
  for (let i = 0; i < triesAtMost; i++) {
    const port = lowestPort + ((process.pid * 7 + nextOffset()) % portsToChooseFrom)
    const server = await listen(host, port).catch((error: unknown) => {
      if (isTaken(error)) return undefined
      throw error
    })
    if (server) return { server, port }
  }
  throw new UsageError(`No free port was found on ${host}.`, 'Name one with --port.')
}

let offset = 0

function nextOffset(): number {
  offset += 101
  return offset
}

/** Rejects with a `UsageError` when the port is taken, or may not be had. */
export async function listen(host: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true })
  server.listen({ host, port, exclusive: true, backlog: 4_096 })
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw Object.assign(
      new UsageError(`Port ${port} of ${host} cannot be listened on: ${code}.`, 'Name another with --port.'),
      { code },
    )
  }
  // A connection that cannot be accepted (no more file descriptors) fails for its client, and for nobody else.
  server.on('error', () => {})
  return server
}

/** Real ms that whoever sits on a port of ours is given to leave it. */
const patienceMs = 2_000
const lookAgainMs = 20

/** Listens again on a port that was ours. Rejects when somebody has taken it meanwhile, and keeps it. */
export async function listenAgain(host: string, port: number): Promise<Server> {
  for (let waitedMs = 0; ; waitedMs += lookAgainMs)
    try {
      return await listen(host, port)
    } catch (error) {
      if (!isTaken(error) || waitedMs >= patienceMs) throw error
      await ambientClock.sleep(lookAgainMs)
    }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

/** Resolves when the port is free and all its connections are over. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>(resolve => server.close(() => resolve()))
}

/** Real ms within which the kernel of this machine answers for a port, if it ever will. */
const answersMs = 500

/** Whether the kernel turns connections to the port away, as it does where nobody listens. */
export function isRefused(host: string, port: number): Promise<boolean> {
  const socket = connect(port, reachable(host))
  return new Promise<boolean>(resolve => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
    // With nobody else there, a socket may meet itself.
    socket.once('connect', () => resolve(socket.localPort === port))
    const cancel = ambientClock.after(answersMs, () => resolve(false))
    socket.once('close', cancel)
  }).finally(() => socket.destroy())
}

/** All addresses are reached by that of this machine. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** By what a port of ours is reached from this machine: `127.0.0.1:21000`. */
export function hostAndPort(host: string, port: number): string {
  const name = reachable(host)
  return `${name.includes(':') ? `[${name}]` : name}:${port}`
}
