import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { JournalEvent } from '../journal/event.ts'
import { Journal, journalLines } from '../journal/journal.ts'

/**
 * A journal that is on disk line by line as it is written, so that a process which is killed loses at most the line it was
 * at. `mask` is what stands in the file in place of a line, where secrets of the environment are to be blotted out.
 */
export class JournalFile extends Journal implements Disposable {
  private readonly listeners = new Set<(event: JournalEvent, place: number) => void>()
  private readonly file: number | undefined
  private readonly mask: (line: string) => string

  /** `path`: absent for memory alone. Throws what the system says when it cannot be opened. */
  constructor(path: string | undefined, mask: (line: string) => string = line => line) {
    super()
    this.mask = mask
    this.file = path === undefined ? undefined : openSync(path, 'w', 0o600)
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
    // Only the lines of the start are there by then.
    if (this.file !== undefined) ftruncateSync(this.file, 0)
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
    if (this.file !== undefined) closeSync(this.file)
  }

  private place = 0

  private append(events: readonly JournalEvent[]): void {
    if (this.file === undefined) return
    for (const line of journalLines(events)) this.place += writeSync(this.file, this.mask(line), this.place)
  }
}
