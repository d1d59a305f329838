import { createHook } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { nativeNow } from './native.ts'

/** Requests to the thread pool or the kernel that end by themselves, and how long (real ms) they are waited for. */
const patienceMs: Readonly<Record<string, number>> = {
  FSREQCALLBACK: 10_000,
  FSREQPROMISE: 10_000,
  FILEHANDLECLOSEREQ: 10_000,
  GETADDRINFOREQWRAP: 10_000,
  GETNAMEINFOREQWRAP: 10_000,
  QUERYWRAP: 10_000,
  TCPCONNECTWRAP: 10_000,
  PIPECONNECTWRAP: 10_000,
  PROCESSWRAP: 10_000,
  // The same resource type serves the synchronous calls, which never report an end: those age out.
  HASHREQUEST: 250,
  PBKDF2REQUEST: 250,
  SCRYPTREQUEST: 250,
  SIGNREQUEST: 250,
  VERIFYREQUEST: 250,
  CIPHERREQUEST: 250,
  DERIVEBITSREQUEST: 250,
  KEYEXPORTREQUEST: 250,
  KEYGENREQUEST: 250,
  KEYPAIRGENREQUEST: 250,
  SECRETKEYGENREQUEST: 250,
  CHECKPRIMEREQUEST: 250,
  // A compressor lives on between its writes: it counts for a while after its last sign of life.
  ZLIB: 50,
}

const socketPatienceMs = 10_000

/** What keeps virtual time waiting: files, DNS, crypto, zlib, child processes, sockets that have written and had no reply. */
export interface RealWork {
  /** How much is under way now. */
  pending(): number
  /** Whether there was ever any. */
  readonly seen: boolean
  /** Announces work of our own that virtual time must wait for; the returned function ends it. */
  begin(what: string): () => void
  stop(): void
}

/** Watches this thread's real work until `stop`. `onGaveUp` is told, once each, of work that outlasted its cap. */
export function watchRealWork(onGaveUp: (what: string) => void): RealWork {
  const open = new Map<number | symbol, { what: string; since: number; patience: number }>()
  const sockets = new Map<Socket, { since: number; what: string }>()
  const sleeping = new WeakSet<Socket>()
  let seen = false

  const hook = createHook({
    init(id, type) {
      const patience = patienceMs[type]
      if (patience === undefined) return
      seen = true
      open.set(id, { what: type, since: nativeNow(), patience })
    },
    after(id) {
      const entry = open.get(id)
      if (!entry) return
      if (entry.what === 'ZLIB') entry.since = nativeNow()
      else open.delete(id)
    },
    destroy(id) {
      open.delete(id)
    },
    // Promises are by far the most of all resources, and none of them is real work. (Node 24.14 and later; ignored before.)
    trackPromises: false,
  } as Parameters<typeof createHook>[0] & { trackPromises: boolean })

  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    watchSocket(socket, {
      wrote: () => {
        if (!isReal(socket)) return
        seen = true
        if (!sleeping.has(socket)) sockets.set(socket, { since: nativeNow(), what: hostOf(socket) })
      },
      heard: () => {
        sleeping.delete(socket)
        sockets.delete(socket)
      },
    })
  }

  hook.enable()
  subscribe('net.client.socket', onSocket)
  return {
    get seen() {
      return seen
    },
    pending() {
      if (open.size === 0 && sockets.size === 0) return 0
      const now = nativeNow()
      for (const [id, entry] of open) {
        if (now - entry.since < entry.patience) continue
        open.delete(id)
        if (entry.patience > 1_000) onGaveUp(entry.what)
      }
      for (const [socket, entry] of sockets) {
        if (now - entry.since < socketPatienceMs) continue
        sockets.delete(socket)
        sleeping.add(socket)
        onGaveUp(`a reply from ${entry.what}`)
      }
      return open.size + sockets.size
    },
    begin(what) {
      const id = Symbol(what)
      open.set(id, { what, since: nativeNow(), patience: 10_000 })
      return () => open.delete(id)
    },
    stop() {
      hook.disable()
      unsubscribe('net.client.socket', onSocket)
      open.clear()
      sockets.clear()
    },
  }
}

/** Node's internals, as far as they are looked at here: stable since Node 10, and tested. */
interface SocketInternals {
  _writeGeneric(...args: unknown[]): unknown
  readonly _handle?: { readonly fd?: number } | null
}

/** Own properties over the prototype's methods: no listener is added, so the socket flows as it would. */
function watchSocket(socket: Socket, on: { wrote(): void; heard(): void }): void {
  const internals = socket as unknown as SocketInternals
  const { _writeGeneric } = internals
  const { push } = socket
  internals._writeGeneric = (...args) => {
    on.wrote()
    return _writeGeneric.apply(socket, args)
  }
  socket.push = (...args: Parameters<Socket['push']>) => {
    on.heard()
    return push.apply(socket, args)
  }
  socket.once('close', on.heard)
}

/** Whether the kernel knows the socket. What an interceptor answers has no descriptor, and time need not wait for it. */
function isReal(socket: Socket): boolean {
  return ((socket as unknown as SocketInternals)._handle?.fd ?? -1) >= 0
}

function hostOf(socket: Socket): string {
  return socket.remoteAddress === undefined ? 'a local socket' : `${socket.remoteAddress}:${socket.remotePort}`
}
