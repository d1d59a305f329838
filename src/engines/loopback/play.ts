import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ambientClock } from '../../clock/clock.ts'
import type { AttemptOutcome } from '../../journal/event.ts'
import { unreachable } from '../../lib/invariant.ts'
import type { Chunk, Respond } from '../../providers/provider.ts'
import type { Exchange } from '../exchange.ts'
import type { Inbound } from '../network.ts'
import { finishConnection, resetConnection } from './connection.ts'

/**
 * Real ms that what was sent is given to be read before its connection breaks: what breaks it overtakes what a busy client
 * has received and not looked at yet.
 */
const flushMs = 20
/** And what is much takes a while to be read out of the kernel: so many bytes a ms at the least. */
const readPerMs = 32 * 2 ** 10

/** Plays the script of one attempt on a real connection. Whatever happens, the exchange ends once. */
export function play(exchange: Exchange, response: ServerResponse, clock: Inbound): void {
  new Playing(exchange, response, clock).begin()
}

class Playing {
  private readonly exchange: Exchange
  private readonly response: ServerResponse
  private readonly socket: Socket
  private readonly clock: Inbound
  private bytes = 0
  /** Pieces that were written and have not left this process. */
  private unsent = 0
  private onAllSent = () => {}
  private cancel = () => {}
  private over = false
  /**
   * When what comes next of the script is due, by the clock. It counts from when the last was due, not from when it came: a
   * stream of a thousand events would else be late by a thousand little delays.
   */
  private dueMs = 0

  constructor(exchange: Exchange, response: ServerResponse, clock: Inbound) {
    this.exchange = exchange
    this.response = response
    // Of the request: a response has none while another one is under way before it.
    this.socket = response.req.socket
    this.clock = clock
  }

  begin(): void {
    // The client may hang up at any time, and may have done so by now.
    this.response.once('close', () => this.end('aborted'))
    if (this.response.closed || this.socket.destroyed) this.end('aborted')
    else {
      this.dueMs = this.clock.now()
      this.perform(this.exchange)
    }
  }

  private perform({ script }: Exchange): void {
    switch (script.type) {
      case 'refuse':
      case 'dns':
        // With the request at hand it is too late to refuse the connection: the client sees it torn down.
        this.reset('reset')
        break
      case 'tls':
        this.reset('tls')
        break
      case 'reset':
        this.after(script.afterMs, () => this.reset('reset'))
        break
      case 'hold':
        break
      case 'respond':
        this.after(script.afterMs, () => this.respond(script))
        break
      default:
        unreachable(script)
    }
  }

  private respond(script: Respond): void {
    const { status, headers, chunks, end } = script
    try {
      this.response.sendDate = false
      this.response.writeHead(status, STATUS_CODES[status] ?? '', headers)
    } catch {
      // An answer of somebody's own that HTTP has no words for: all that can be done with it.
      this.reset('reset')
      return
    }
    this.exchange.headers(status, headers)
    const whole = wholeBody(chunks, end)
    if (whole === undefined) {
      if (chunks[0] === undefined || chunks[0].afterMs > 0) this.response.flushHeaders()
      this.send(chunks, 0, () => this.finish(script))
    } else {
      this.bytes = Buffer.byteLength(whole)
      this.close(whole)
    }
  }

  /** Each piece at its time, and none before the client has room for it. */
  private send(chunks: readonly Chunk[], from: number, then: () => void): void {
    for (let i = from; i < chunks.length; i++) {
      const chunk = chunks[i]
      if (!chunk) continue
      if (this.response.writableNeedDrain) {
        this.response.once('drain', () => {
          this.dueMs = this.clock.now()
          this.send(chunks, i, then)
        })
        return
      }
      if (chunk.afterMs > 0) {
        this.after(chunk.afterMs, () => {
          this.write(chunk.data)
          this.send(chunks, i + 1, then)
        })
        return
      }
      this.write(chunk.data)
    }
    then()
  }

  private finish({ end }: Respond): void {
    switch (end.type) {
      case 'finish':
      case 'clean':
        this.close()
        break
      case 'fin':
        this.flushed(() => {
          this.end('cut')
          finishConnection(this.socket)
        })
        break
      case 'rst':
        this.flushed(() => this.reset('cut'))
        break
      case 'stall':
        this.stall(end, end.forMs === undefined ? Number.POSITIVE_INFINITY : this.dueMs + end.forMs)
        break
      default:
        unreachable(end)
    }
  }

  private stall(end: Extract<Respond['end'], { type: 'stall' }>, endMs: number): void {
    const { pings, rest = [] } = end
    const leftMs = endMs - this.dueMs
    if (pings && pings.everyMs < leftMs)
      this.after(pings.everyMs, () => {
        // For a client that never reads they would pile up for ever.
        if (!this.response.writableNeedDrain) this.write(pings.data)
        this.stall(end, endMs)
      })
    else if (Number.isFinite(leftMs)) this.after(leftMs, () => this.send(rest, 0, () => this.close()))
  }

  private after(ms: number, then: () => void): void {
    if (ms <= 0) {
      then()
      return
    }
    const sinceMs = this.clock.now()
    this.dueMs += ms
    this.cancel = this.clock.after(this.dueMs - sinceMs, () => {
      // What a network that was gone has held up goes on at its pace from there.
      if (this.clock.stoodStillSince?.(sinceMs)) this.dueMs = this.clock.now()
      then()
    })
  }

  private write(data: string | Uint8Array): void {
    if (this.over) return
    this.bytes += typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
    this.unsent++
    this.response.write(data, this.onSent)
  }

  private readonly onSent = () => {
    this.unsent--
    if (this.unsent === 0) this.onAllSent()
  }

  private close(data?: string | Uint8Array): void {
    if (this.over) return
    const { whole } = this.exchange
    // An answer that a proxy in front never lets through stays open until the client gives up. Any other is over when the
    // last of it has left: a client that does not read does not have it.
    if (whole !== 'open') this.response.once('finish', () => this.end(whole))
    this.response.end(data)
  }

  /** All that was written has left, and had a moment to arrive. */
  private flushed(then: () => void): void {
    if (this.over) return
    const linger = () => {
      this.onAllSent = () => {}
      this.cancel = ambientClock.after(flushMs + this.bytes / readPerMs, then)
    }
    if (this.unsent === 0) linger()
    else this.onAllSent = linger
  }

  private reset(outcome: AttemptOutcome): void {
    this.end(outcome)
    resetConnection(this.socket)
  }

  private end(outcome: AttemptOutcome): void {
    if (this.over) return
    this.over = true
    this.cancel()
    this.exchange.ended(outcome, this.bytes)
  }
}

/** The body, where all of it is sent at once and to its end: most answers, and by far the cheapest. */
function wholeBody([only, ...more]: readonly Chunk[], { type }: Respond['end']): string | Uint8Array | undefined {
  if (type !== 'finish' || more.length > 0) return undefined
  if (only === undefined) return ''
  return only.afterMs <= 0 ? only.data : undefined
}
