import type { Clock } from '../../clock/clock.ts'
import type { Answered } from './forwarded.ts'
import { type Frame, FrameReader, type Framing } from './frames.ts'

/** Nothing more comes: the answer was whole, the upstream broke off, or the client went away. */
export type Over =
  | { readonly over: 'whole' }
  | { readonly over: 'broken'; readonly why: string }
  | { readonly over: 'aborted' }

/** An answer's frames, asked for one by one and never ahead. */
export class Inflow {
  private readonly answered: Answered
  private readonly clock: Clock
  private readonly signal: AbortSignal
  private readonly reader: FrameReader
  private readonly pieces: AsyncIterator<Uint8Array>
  private pending: Promise<Uint8Array | Over> | undefined
  private frames: Frame[] = []
  private ended: Over | undefined

  constructor(answered: Answered, framing: Framing, clock: Clock, signal: AbortSignal) {
    this.answered = answered
    this.clock = clock
    this.signal = signal
    this.reader = new FrameReader(framing)
    this.pieces = answered.body[Symbol.asyncIterator]()
  }

  /** The next frame, however long it takes. */
  async next(): Promise<Frame | Over> {
    for (;;) {
      const next = await this.nextBefore(Number.POSITIVE_INFINITY)
      if (next !== 'late') return next
    }
  }

  /** The next frame; `late` once `untilMs` has come without one. */
  async nextBefore(untilMs: number): Promise<Frame | 'late' | Over> {
    for (;;) {
      if (this.signal.aborted) return { over: 'aborted' }
      if (this.clock.now() >= untilMs) return 'late'
      const frame = this.frames.shift()
      if (frame) return frame
      if (this.ended) return this.ended
      const piece = await this.piece(untilMs)
      if (piece === 'late') continue
      this.pending = undefined
      if (!('over' in piece)) this.frames = [...this.reader.push(piece)]
      else {
        this.ended = piece
        const rest = this.reader.rest()
        if (rest) return rest
      }
    }
  }

  /** Reads to the end and keeps nothing. */
  async drain(): Promise<Over> {
    for (;;) {
      const next = await this.next()
      if ('over' in next) return next
    }
  }

  cancel(): void {
    this.answered.cancel()
  }

  private async piece(untilMs: number): Promise<Uint8Array | Over | 'late'> {
    this.pending ??= this.read()
    if (!Number.isFinite(untilMs)) return await this.pending
    const timer = new AbortController()
    const late = this.clock.sleep(untilMs - this.clock.now(), timer.signal).then(() => 'late' as const)
    try {
      return await Promise.race([this.pending, late])
    } finally {
      timer.abort()
    }
  }

  private async read(): Promise<Uint8Array | Over> {
    try {
      const { value, done } = await this.pieces.next()
      return done === true ? { over: 'whole' } : value
    } catch (error) {
      return this.signal.aborted ? { over: 'aborted' } : { over: 'broken', why: this.answered.why(error) }
    }
  }
}
