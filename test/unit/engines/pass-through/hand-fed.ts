import { Readable } from 'node:stream'
import { dialectOf } from '../../../../src/engines/pass-through/dialects.ts'
import type { Answered } from '../../../../src/engines/pass-through/forwarded.ts'
import { relay } from '../../../../src/engines/pass-through/relay.ts'
import type { Relayed, RelayOptions } from '../../../../src/engines/pass-through/relayed.ts'
import type { End } from '../../../../src/engines/pass-through/steps.ts'
import type { Effect } from '../../../../src/model/effect.ts'
import type { Provider, Recognised, WireRequest } from '../../../../src/providers/provider.ts'
import { contextOf } from '../../providers/perform.ts'
import { HandClock, rest } from './hand-clock.ts'

/** An upstream's answer whose body comes when the test says so. */
export class HandFed {
  cancelled = false
  readonly body = new Readable({ read() {} })
  private readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> }

  constructor(headers: Readonly<Record<string, string>>, status = 200) {
    this.head = { status, headers }
    this.body.on('error', () => {})
  }

  get answered(): Answered {
    return {
      type: 'answered',
      ...this.head,
      body: this.body,
      waitedMs: 1_000,
      trailers: () => ({}),
      why: error => `in words: ${error instanceof Error ? error.message : error}`,
      cancel: () => {
        if (!this.body.readableEnded) this.cancelled = true
      },
    }
  }

  async send(data: string | Uint8Array): Promise<void> {
    this.body.push(data)
    await rest()
  }

  async end(): Promise<void> {
    this.body.push(null)
    await rest()
  }

  async breakOff(): Promise<void> {
    this.body.destroy(new Error('gone'))
    await rest()
  }
}

/** What a client got so far of an answer that is relayed. */
export interface Got {
  readonly clock: HandClock
  readonly gone: AbortController
  relayed: Relayed | undefined
  pieces: string[]
  bytes: Buffer
  end: End | undefined
}

/** Relays and reads, as a server does that never waits. */
export function relayed(effect: Effect, answered: Answered, asked: Recognised, more: Partial<RelayOptions> = {}): Got {
  const clock = new HandClock()
  const gone = new AbortController()
  const dialect = dialectOf(asked.provider)
  if (!dialect) throw new Error(`No dialect of ${asked.provider}`)
  const got: Got = { clock, gone, relayed: undefined, pieces: [], bytes: Buffer.alloc(0), end: undefined }
  const options = { dialect, request: asked, context: contextOf(), clock, signal: gone.signal, ...more }
  void (async () => {
    got.relayed = await relay(effect, answered, options)
    if (got.relayed.type !== 'stream') return
    for await (const step of got.relayed.steps) {
      if (step.type === 'end') got.end = step
      else {
        got.pieces.push(Buffer.from(step.data).toString())
        got.bytes = Buffer.concat([got.bytes, step.data])
      }
    }
  })()
  return got
}

export function recognisedBy(provider: Provider, request: WireRequest): Recognised {
  const found = provider.recognise(request)
  if (!found) throw new Error(`Not for ${provider.id}: ${request.url}`)
  return found
}
