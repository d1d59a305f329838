import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { nativeClearInterval, nativeSetInterval } from '../../src/clock/native.ts'

/** What the server has written to one stream, in the order in which streams were opened. */
export interface Sent {
  readonly views: number
  /** Of the views' data, bytes. */
  readonly viewBytes: number
  /** Of all: views, bins, log. */
  readonly bytes: number
  /** The most that was written and the socket had not taken, bytes. */
  readonly heldMost: number
}

const lookEveryMs = 20

/** Notes from now on what this process's servers write to streams; asked, tells and begins anew. */
export function watchSent(): () => readonly Sent[] {
  const streams: { -readonly [K in keyof Sent]: Sent[K] }[] = []
  subscribe('http.server.request.start', message => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse } // as Node documents it
    if (request.url !== '/api/stream') return
    const sent = nothing()
    streams.push(sent)
    const write = response.write.bind(response) as (text: string) => boolean // the console's streams write text alone
    response.write = ((text: string) => {
      const bytes = Buffer.byteLength(text)
      sent.bytes += bytes
      if (text.startsWith('event: view')) {
        sent.views++
        sent.viewBytes += bytes
      }
      return write(text)
    }) as typeof response.write // one of its overloads stands for all
    const timer = nativeSetInterval(() => {
      sent.heldMost = Math.max(sent.heldMost, response.writableLength)
    }, lookEveryMs)
    response.once('close', () => nativeClearInterval(timer))
  })
  return () =>
    streams.map(sent => {
      const told = { ...sent }
      Object.assign(sent, nothing())
      return told
    })
}

function nothing() {
  return { views: 0, viewBytes: 0, bytes: 0, heldMost: 0 }
}
