import { nativeClearInterval, nativeSetInterval } from '../../clock/native.ts'
import type { Beat, Send } from './messages.ts'

const everyMs = 250

/** Tells the watching process several times a second, in real time, that the event loop turns and where the run is. */
export class Heartbeat implements Disposable {
  private beat: Omit<Beat, 'type' | 'heapBytes'>
  private readonly send: Send
  private readonly timer: NodeJS.Timeout

  constructor(send: Send, first: Omit<Beat, 'type' | 'heapBytes'>) {
    this.send = send
    this.beat = first
    this.timer = nativeSetInterval(() => this.tell(), everyMs)
    // The heartbeat alone must not keep a process alive.
    this.timer.unref()
    this.tell()
  }

  /** Takes note; where the run does something else than before, it is said at once. */
  update(change: Partial<Omit<Beat, 'type' | 'heapBytes'>>): void {
    const isNew = change.doing !== undefined && (change.doing !== this.beat.doing || change.index !== this.beat.index)
    this.beat = { ...this.beat, ...change }
    if (isNew) this.tell()
  }

  [Symbol.dispose](): void {
    nativeClearInterval(this.timer)
  }

  private tell(): void {
    this.send({ type: 'beat', ...this.beat, heapBytes: process.memoryUsage().heapUsed })
  }
}
