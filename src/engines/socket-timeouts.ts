import { Socket } from 'node:net'
import { replace } from '../clock/chance.ts'
import type { Clock } from '../clock/clock.ts'

/** Node's internals, as far as they are looked at here: stable since Node 10, and tested. */
interface SocketInternals {
  _onTimeout(): void
  _parent?: Socket | null
}

/**
 * Puts the idle timeouts of sockets on the run's clock, and with them the `timeout` of `node:http` and axios: Node keeps
 * those on timers of its own, which no fake can reach. Returns the undo.
 */
export function virtualSocketTimeouts(clock: Clock): () => void {
  const idle = new WeakMap<Socket, { readonly ms: number; cancel: () => void }>()
  const internals = (socket: Socket) => socket as unknown as SocketInternals
  const start = (socket: Socket, ms: number) => {
    const cancel = clock.after(ms, () => {
      if (!socket.destroyed) internals(socket)._onTimeout()
    })
    idle.set(socket, { ms, cancel })
  }

  const restoreSet = replace(
    Socket.prototype,
    'setTimeout',
    function (this: Socket, ms: number, callback?: () => void) {
      if (this.destroyed) return this
      Object.assign(this, { timeout: ms })
      idle.get(this)?.cancel()
      idle.delete(this)
      if (ms > 0) start(this, ms)
      if (callback && ms > 0) this.once('timeout', callback)
      else if (callback) this.removeListener('timeout', callback)
      return this
    },
  )
  // Called with every byte that comes or goes.
  const restoreUnref = replace(Socket.prototype, '_unrefTimer', function (this: Socket) {
    for (let socket: Socket | null | undefined = this; socket; socket = internals(socket)._parent) {
      const timeout = idle.get(socket)
      if (!timeout) continue
      timeout.cancel()
      start(socket, timeout.ms)
    }
  })
  return () => {
    restoreSet()
    restoreUnref()
  }
}
