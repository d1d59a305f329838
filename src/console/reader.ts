import type { Writable } from 'node:stream'
import { nativeNow } from '../clock/native.ts'
import { entryFor } from './entry.ts'
import type { Entry, Role } from './protocol.ts'
import type { ConsoleShow } from './show.ts'

/** A view in the words of the stream. `key`: the same for views that tell the same, but for the time. */
export interface Spelled {
  readonly key: string
  readonly text: string
}

export interface ReaderOptions {
  readonly role: Role
  readonly show: ConsoleShow
  /** Healthy time before t = 0, ms. */
  readonly warmUpMs: number
  /** Id of the last entry that it has; -1 where it has none. */
  readonly last: number
  /** Data as it leaves: without secrets. */
  mask(text: string): string
}

/** What nobody has taken for so long, real ms, nobody will: the reader is let go, and comes back if it is there. */
const patienceMs = 30_000
/** Without other news a reader is told the time so often, real ms, while the show runs; else that it is connected. */
const timeEveryMs = 1_000
const quietEveryMs = 15_000

/**
 * One browser's stream. It gets a view only when it has taken what was sent before, so that a slow one costs no memory and
 * is told the newest; entries of the log wait for it where they are, and none is left out.
 */
export class Reader {
  readonly role: Role
  private readonly response: Writable
  private readonly options: ReaderOptions
  /** The id of the last entry that it has. */
  private last: number
  private isSure = false
  /** What of the log it has gone through. */
  private cursor: { readonly book: object | undefined; at: number; told: number } = { book: undefined, at: 0, told: 0 }
  private lastKey = ''
  private viewedMs = Number.NEGATIVE_INFINITY
  private toldMs = Number.NEGATIVE_INFINITY
  private charts:
    | { readonly book: object; readonly widthMs: number; readonly from: number; readonly text: string }
    | undefined
  private fullSinceMs: number | undefined
  private isClosing = false

  constructor(response: Writable, options: ReaderOptions) {
    this.response = response
    this.options = options
    this.role = options.role
    this.last = options.last
    response.on('drain', () => {
      this.fullSinceMs = undefined
      this.tellLog()
    })
  }

  /** Tells what has changed, where it can be taken. */
  tick(view: Spelled, isRunning: boolean): void {
    const nowMs = nativeNow()
    if (this.fullSinceMs !== undefined) {
      if (nowMs - this.fullSinceMs > patienceMs) this.response.destroy()
      return
    }
    if (view.key !== this.lastKey || (isRunning && nowMs - this.viewedMs >= timeEveryMs)) {
      this.lastKey = view.key
      this.viewedMs = nowMs
      this.send('view', view.text)
    } else if (nowMs - this.toldMs >= quietEveryMs) this.write(': still here\n\n')
    if (this.role !== 'responder') this.tellBins()
    this.tellLog()
  }

  /** Entries that it has not been told, as far as it takes them. */
  tellLog(): void {
    this.doubtLast()
    while (this.fullSinceMs === undefined) {
      const entry = this.next()
      if (!entry) break
      this.last = entry.id
      this.send('entry', JSON.stringify(entry), entry.id)
    }
    if (this.isClosing && this.fullSinceMs === undefined && !this.response.writableEnded)
      this.response.end('event: closed\ndata: {}\n\n')
  }

  /**
   * The next that is for it, and that it has not had. Responders count what they are told: by places in the journal they
   * would know how much goes on beside it.
   */
  private next(): Entry | undefined {
    const { show, warmUpMs } = this.options
    if (this.cursor.book !== show.book) this.cursor = { book: show.book, at: 0, told: 0 }
    const { log } = show.book
    for (let line = log[this.cursor.at]; line; line = log[this.cursor.at]) {
      this.cursor.at++
      const entry = entryFor(this.role, line, warmUpMs)
      if (!entry) continue
      const id = this.role === 'responder' ? this.cursor.told++ : entry.id
      if (id > this.last) return { ...entry, id }
    }
    return undefined
  }

  /** An entry that this show has not come to is one of another: of a show that has begun anew. */
  private doubtLast(): void {
    const { show, warmUpMs } = this.options
    if (!show.drill || this.isSure) return
    this.isSure = true
    const told = show.book.log.filter(line => entryFor(this.role, line, warmUpMs))
    const newest = this.role === 'responder' ? told.length - 1 : (told.at(-1)?.place ?? -1)
    if (this.last <= newest) return
    this.last = -1
    this.write('event: anew\ndata: {}\n\n')
  }

  /** Tells what is left, and that there will be no more. */
  close(): void {
    this.isClosing = true
    this.tellLog()
  }

  /** Those that are new, and the last that it has: it may have grown. */
  private tellBins(): void {
    if (this.fullSinceMs !== undefined) return
    const { show } = this.options
    const { charts: book } = show.book
    const { widthMs } = book
    // Bins of another width are other bins.
    const known = this.charts?.book === book && this.charts.widthMs === widthMs ? this.charts : undefined
    const bins = book.rows(known?.from ?? 0, show.plan())
    const text = JSON.stringify(bins)
    if (text === known?.text) return
    const from = Math.max(0, book.length - 1)
    this.charts = { ...{ book, widthMs, from }, text: JSON.stringify({ ...bins, from, rows: bins.rows.slice(-1) }) }
    this.send('bins', text)
  }

  private send(event: 'view' | 'bins' | 'entry', data: string, id?: number): void {
    const head = id === undefined ? '' : `id: ${id}\n`
    this.write(`${head}event: ${event}\ndata: ${this.options.mask(data)}\n\n`)
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return
    this.toldMs = nativeNow()
    if (!this.response.write(text)) this.fullSinceMs ??= nativeNow()
  }
}
