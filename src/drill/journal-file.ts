import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { JournalEvent } from '../journal/event.ts'
import { Journal, journalLines } from '../journal/journal.ts'

/** What an earlier process has written to the same file. */
export interface WrittenBefore {
  readonly events: readonly JournalEvent[]
  /** Length of its whole lines. */
  readonly bytes: number
}

/**
 * A journal that is on disk line by line as it is written, so that a process which is killed loses at most the line it was
 * at. `mask` is what stands in the file in place of a line, where secrets of the environment are to be blotted out. A disk
 * that is full costs the rest of the file, and not the drill: `trouble` then says so.
 */
export class JournalFile extends Journal implements Disposable {
  private readonly listeners = new Set<(event: JournalEvent, place: number) => void>()
  private file: number | undefined
  private readonly mask: (line: string) => string
  private place = 0
  private failed: Error | undefined

  /**
   * `path`: absent for memory alone. `before`: what stands in the file already, which is kept up to its last whole line.
   * Throws what the system says when it cannot be opened.
   */
  constructor(path: string | undefined, mask: (line: string) => string = line => line, before?: WrittenBefore) {
    super(before?.events)
    this.mask = mask
    this.file = path === undefined ? undefined : openSync(path, before ? 'r+' : 'w', 0o600)
    if (!before || this.file === undefined) return
    ftruncateSync(this.file, before.bytes)
    this.place = before.bytes
  }

  /** Why the file is not whole; absent when it is. */
  get trouble(): string | undefined {
    return this.failed?.message
  }

  override write(event: JournalEvent): void {
    const before = this.events.length
    super.write(event)
    const written = this.events[before]
    if (!written) return
    this.append([written])
    for (const listener of this.listeners) listener(written, before)
  }

  override moveBack(ms: number): void {
    if (ms === 0) return
    super.moveBack(ms)
    // Only the lines of the start are there by then. Cut first and then written over at once, none but the last is ever torn.
    const length = Math.min(this.place, this.bytesOf(this.events).length)
    this.onDisk(file => ftruncateSync(file, length))
    this.place = 0
    this.append(this.events)
  }

  /** Calls `listener` with each event to come; the returned function ends that. */
  subscribe(listener: (event: JournalEvent, place: number) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  [Symbol.dispose](): void {
    this.listeners.clear()
    this.leave()
  }

  private append(events: readonly JournalEvent[]): void {
    this.onDisk(file => {
      const text = this.bytesOf(events)
      for (let from = 0; from < text.length; ) {
        const written = writeSync(file, text, from, text.length - from, this.place)
        from += written
        this.place += written
      }
    })
  }

  private bytesOf(events: readonly JournalEvent[]): Buffer {
    return Buffer.from([...journalLines(events)].map(this.mask).join(''))
  }

  private onDisk(act: (file: number) => void): void {
    if (this.file === undefined) return
    try {
      act(this.file)
    } catch (error) {
      this.failed = error instanceof Error ? error : new Error(String(error))
      this.leave()
    }
  }

  private leave(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }
}
