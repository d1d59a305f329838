import { Socket } from 'node:net'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { currentContext, isFenced } from '../attribution/attribution.ts'
import type { Life } from '../attribution/life.ts'
import type { Clock } from '../clock/clock.ts'
import { refuseHttp2 } from './http2-refusal.ts'
import { isLoopback } from './loopback.ts'
import { refused } from './net-errors.ts'
import { never } from './never.ts'
import { perform, refusedAfterMs } from './perform.ts'
import type { Responder } from './responder.ts'
import { virtualSocketTimeouts } from './socket-timeouts.ts'
import { toResponse } from './to-response.ts'
import { virtualUndiciTick } from './undici-tick.ts'
import { portOf, readRequest } from './wire-request.ts'

export interface SocketNetOptions {
  readonly responder: Responder
  readonly clock: Clock
  /** When what the network brings arrives; `clock` when absent. */
  readonly inbound?: Clock
  /** Whether what no provider recognises goes its way; it is refused when absent. */
  readonly passesOthers?: boolean | undefined
  onRefused(host: string, by?: 'http2'): void
}

/** Which of its own limits made undici destroy a connection. */
function limitOf(error: Error | null): 'headers-timeout' | 'body-timeout' | undefined {
  if (error === null || !('code' in error)) return undefined
  if (error.code === 'UND_ERR_HEADERS_TIMEOUT') return 'headers-timeout'
  return error.code === 'UND_ERR_BODY_TIMEOUT' ? 'body-timeout' : undefined
}

/** The interceptor leaves the handle of an emulated connection open when it closes: 45 KB that nothing would free. */
function freeHandle(socket: Socket): void {
  const internals = socket as unknown as { _handle?: { close(): void } | null }
  internals._handle?.close()
  internals._handle = null
}

/**
 * Catches what the fetch tap cannot: `node:http` and axios, the `undici` package with its own dispatcher, and clients
 * that kept the native `fetch` from before the run. Slower, since every byte goes through Node's own HTTP client, whose
 * own limits (undici's 300 s) hold by themselves. The interceptor is used without MSW's handlers on top: those can only
 * throw a network error, and then print it.
 */
export function openSocketNet(options: SocketNetOptions): Disposable {
  const { responder, clock, inbound = clock, passesOthers = false, onRefused } = options
  const interceptor = new HttpRequestInterceptor()
  interceptor.apply()
  const undo = [
    virtualSocketTimeouts(clock),
    virtualUndiciTick(clock),
    refuseHttp2({ clock, onRefused: host => onRefused(host, 'http2') }),
  ]
  /** Every connection, and the life of the instance that used it last. */
  const inUse = new Map<Socket, Life | undefined>()
  /** What takes back that the sockets of a process close with it. */
  const closings = new Map<Life, () => void>()
  const closeWith = (life: Life) => {
    if (closings.has(life)) return
    const close = () => {
      closings.delete(life)
      for (const [socket, owner] of inUse) if (owner === life) socket.destroy()
    }
    closings.set(life, life.onEnd(close))
  }
  function onClose(this: Socket): void {
    inUse.delete(this)
    freeHandle(this)
  }
  interceptor.on('request', async ({ request, controller, initiator }) => {
    if (isFenced()) return never()
    const url = new URL(request.url)
    if (initiator instanceof Socket) {
      // A connection that is kept alive comes again, each time behind another proxy.
      if (!initiator.listeners('close').includes(onClose)) initiator.once('close', onClose)
      const life = currentContext()?.life
      inUse.set(initiator, life)
      if (life) closeWith(life)
    }
    const port = portOf(url)
    const { signal } = request
    // A clone: what passes through must keep its body.
    const wire = await readRequest(request.clone())
    const recognised = responder.recognise(wire)
    if (!recognised) {
      if (passesOthers || isLoopback(url.hostname)) return
      onRefused(url.host)
      await clock.sleep(refusedAfterMs, signal)
      return controller.errorWith(refused(url.hostname, port).cause)
    }
    const performed = await perform(responder.answer(recognised, wire.headers), {
      clock,
      inbound,
      host: url.hostname,
      port,
      signal,
      limits: false,
      nodeHttp: '_httpMessage' in Object(initiator),
      gaveUpBy: () => (initiator instanceof Socket ? limitOf(initiator.errored) : undefined),
      // RST takes the connection down with the system's error; all else the client's own code names as it closes.
      onBroken: ({ cause }) => {
        if ('errno' in cause && initiator instanceof Socket) initiator.destroy(cause)
      },
    })
    switch (performed.type) {
      case 'aborted':
        return
      case 'failure':
        return controller.errorWith(performed.failure.cause)
      case 'response':
        return controller.respondWith(toResponse(performed, { chunked: true }))
    }
  })
  return {
    [Symbol.dispose]() {
      for (const socket of inUse.keys()) socket.destroy()
      // Whoever keeps an async context of the run keeps its life, which must not keep the sockets.
      for (const takeBack of closings.values()) takeBack()
      interceptor.dispose()
      for (const restore of undo.splice(0)) restore()
    },
  }
}
