import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { http, passthrough } from 'msw'
import { defineNetwork, InterceptorSource } from 'msw/experimental'
import type { VirtualClock } from '../clock/virtual.ts'
import { isLoopback } from './fetch-tap.ts'
import { responderHandler } from './msw-handler.ts'
import { refused } from './net-errors.ts'
import type { Responder } from './responder.ts'

export interface SocketNetOptions {
  readonly responder: Responder
  readonly clock: VirtualClock
  onRefused(host: string): void
}

/** Turns of the event loop that an answer may need to travel through an emulated socket. */
const socketQuietTurns = 6

/**
 * Catches what the fetch tap cannot: `node:http` and axios, the `undici` package with its own dispatcher, and clients
 * that kept the native `fetch` from before the run. Slower, since every byte goes through Node's own HTTP client.
 */
export function openSocketNet({ responder, clock, onRefused }: SocketNetOptions): Disposable {
  const waiting: (() => void)[] = []
  // From the moment a client creates a request until a handler has it, virtual time must wait.
  const onCreated = () => {
    clock.quietTurns = socketQuietTurns
    waiting.push(clock.hold('a request on its way to the engine'))
  }
  const onArrived = () => waiting.shift()?.()
  const channels = ['undici:request:create', 'http.client.request.created']
  for (const channel of channels) subscribe(channel, onCreated)

  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: [
      responderHandler({ responder, clock, onRequest: onArrived }),
      http.all('*', async ({ request }) => {
        onArrived()
        const url = new URL(request.url)
        if (isLoopback(url.hostname)) return passthrough()
        onRefused(url.host)
        await clock.sleep(2)
        throw refused(url.hostname, Number(url.port) || 443).cause
      }),
    ],
    onUnhandledFrame: 'error',
    context: { quiet: true },
  })
  void network.enable()
  return {
    [Symbol.dispose]() {
      for (const channel of channels) unsubscribe(channel, onCreated)
      for (const release of waiting) release()
      void network.disable()
    },
  }
}
