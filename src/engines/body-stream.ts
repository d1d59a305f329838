import type { Chunk, Respond } from '../providers/provider.ts'
import type { Exchange } from './exchange.ts'
import { bodyTimedOut, bodyTimeoutMs, connectionReset, type NetFailure, otherSideClosed } from './net-errors.ts'
import type { Transport } from './perform.ts'

const encoder = new TextEncoder()

/** Time that what was sent takes to reach the client before the connection breaks: a cut is flushed first. */
const flushMs = 5

/** A body that comes in pieces, each at its time, and ends as the script says. What is not read does not hold it up. */
export function bodyStream(exchange: Exchange, script: Respond, transport: Transport): ReadableStream<Uint8Array> {
  const play = new Playback(exchange, script, transport)
  return new ReadableStream<Uint8Array>(
    { start: controller => play.start(controller), pull: () => play.pull(), cancel: () => play.abort() },
    // Nothing is asked for ahead: a `pull` says that everything sent so far has been read.
    { highWaterMark: 0 },
  )
}

/** One body under way. Exactly one of `close`, `breakOff` and `abort` ends it. */
class Playback {
  private readonly exchange: Exchange
  private readonly script: Respond
  private readonly transport: Transport
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined
  private bytes = 0
  private over = false
  /** What ends the body once all that was sent before has been read: a stream that errors at once would drop it. */
  private broken: NetFailure | undefined
  private cancel = () => {}
  private readonly onAbort = () => {
    this.abort()
    this.controller?.error(this.transport.signal?.reason)
  }

  constructor(exchange: Exchange, script: Respond, transport: Transport) {
    this.exchange = exchange
    this.script = script
    this.transport = transport
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.controller = controller
    this.transport.signal?.addEventListener('abort', this.onAbort, { once: true })
    this.play(this.script.chunks, 0, () => this.finish())
  }

  pull(): void {
    if (this.broken) this.controller?.error(this.broken.asFetchError())
  }

  abort(): void {
    const { gaveUpBy } = this.transport
    this.cancel()
    // The connection is being torn down: what for, it knows in a moment.
    if (gaveUpBy) queueMicrotask(() => this.end(gaveUpBy() ?? 'aborted'))
    else this.end('aborted')
  }

  private play(chunks: readonly Chunk[], from: number, then: () => void): void {
    for (let i = from; i < chunks.length; i++) {
      const chunk = chunks[i]
      if (!chunk) continue
      if (chunk.afterMs > 0) {
        this.after(chunk.afterMs, () => {
          this.send(chunk.data)
          this.play(chunks, i + 1, then)
        })
        return
      }
      this.send(chunk.data)
    }
    then()
  }

  private finish(): void {
    const { end } = this.script
    switch (end.type) {
      case 'finish':
      case 'clean':
        this.close()
        break
      case 'fin':
        this.after(flushMs, () => this.breakOff(otherSideClosed(true), 'cut'))
        break
      case 'rst':
        this.after(flushMs, () => this.breakOff(connectionReset(true), 'cut'))
        break
      case 'stall':
        this.stall(end, end.forMs === undefined ? Number.POSITIVE_INFINITY : this.transport.clock.now() + end.forMs)
        break
    }
  }

  private stall(end: Extract<Respond['end'], { type: 'stall' }>, endMs: number): void {
    const { pings, rest = [] } = end
    const untilEnd = endMs - this.transport.clock.now()
    if (pings && pings.everyMs < untilEnd)
      this.after(pings.everyMs, () => {
        this.send(pings.data)
        this.stall(end, endMs)
      })
    else this.after(untilEnd, () => this.play(rest, 0, () => this.close()))
  }

  /** Waits in silence; for as long as the transport bears it. `Infinity` is for good. */
  private after(ms: number, then: () => void): void {
    const { clock, inbound = clock, limits } = this.transport
    if (limits && ms > bodyTimeoutMs)
      this.cancel = clock.after(bodyTimeoutMs, () => this.breakOff(bodyTimedOut(), 'body-timeout'))
    else if (Number.isFinite(ms)) this.cancel = inbound.after(Math.max(0, ms), then)
  }

  private send(data: string | Uint8Array): void {
    const piece = typeof data === 'string' ? encoder.encode(data) : data
    this.bytes += piece.length
    this.controller?.enqueue(piece)
  }

  private close(): void {
    this.end(this.exchange.whole)
    this.controller?.close()
  }

  private breakOff(failure: NetFailure, outcome: 'cut' | 'body-timeout'): void {
    this.end(outcome)
    this.transport.onBroken?.(failure)
    if (this.controller?.desiredSize === 0) this.controller.error(failure.asFetchError())
    else this.broken = failure
  }

  private end(outcome: Parameters<Exchange['ended']>[0]): void {
    if (this.over) return
    this.over = true
    this.cancel()
    this.transport.signal?.removeEventListener('abort', this.onAbort)
    this.exchange.ended(outcome, this.bytes)
  }
}
