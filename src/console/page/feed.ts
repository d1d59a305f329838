import type { Bins, Entry, View } from '../protocol.ts'
import { type BinRows, withBins } from './bin-rows.ts'
import { reuse } from './reuse.ts'
import { Refused, readStream } from './stream.ts'

export type Link =
  | { readonly state: 'connecting' | 'open' | 'refused' | 'closed' }
  /** Until when, ms of `performance.now()`. */
  | { readonly state: 'waiting'; readonly until: number }

/** All that the server has told. */
export interface Told {
  readonly link: Link
  readonly view?: View
  /** When the view came, ms of `performance.now()`. */
  readonly viewAt: number
  readonly bins?: BinRows
  /** In the order of the journal. */
  readonly entries: readonly Entry[]
}

const firstWaitMs = 400
const longestWaitMs = 8_000
/** A server that says nothing for so long is not there: it would have said that it is. */
const quietMs = 40_000
/** What comes within one of these is drawn at once. */
const drawEveryMs = 40

/** Keeps what the server tells, over as many connections as it takes; misses and repeats no entry. */
export class Feed {
  #told: Told = { link: { state: 'connecting' }, viewAt: 0, entries: [] }
  readonly #token: string
  readonly #listeners = new Set<() => void>()
  #drawing = false
  #tries = 0
  #retry = () => {}

  constructor(token: string) {
    this.#token = token
  }

  get told(): Told {
    return this.#told
  }

  /** Calls back after something new was told, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Does not wait any longer before it connects again. */
  hurry(): void {
    this.#retry()
  }

  /** Ends when the console was closed, or when it has no business here. */
  async run(): Promise<void> {
    while (true) {
      this.#set({ link: { state: 'connecting' } })
      try {
        await this.#connect()
      } catch (error) {
        if (error instanceof Refused) return this.#set({ link: { state: 'refused' } })
      }
      if (this.#told.link.state === 'closed') return
      await this.#wait()
    }
  }

  async #connect(): Promise<void> {
    const lastId = this.#told.entries.at(-1)?.id
    const gone = new AbortController()
    let quiet = setTimeout(() => gone.abort(), quietMs)
    const stream = readStream({
      token: this.#token,
      ...(lastId !== undefined && { lastId: String(lastId) }),
      signal: gone.signal,
      onOpen: () => this.#set({ link: { state: 'open' } }),
      onMessage: ({ event, data }) => {
        // Only what was really told proves that the server is well again.
        this.#tries = 0
        this.#take(event ?? '', data)
      },
      onBytes: () => {
        clearTimeout(quiet)
        quiet = setTimeout(() => gone.abort(), quietMs)
      },
    })
    await stream.finally(() => clearTimeout(quiet))
  }

  #take(event: string, data: string): void {
    // The server speaks the types of the protocol.
    if (event === 'view') {
      this.#set({ view: reuse(this.#told.view, JSON.parse(data) as View), viewAt: performance.now() })
    } else if (event === 'bins') this.#set({ bins: withBins(this.#told.bins, JSON.parse(data) as Bins) })
    else if (event === 'entry') {
      const entry = JSON.parse(data) as Entry
      const { entries } = this.#told
      if (entry.id > (entries.at(-1)?.id ?? Number.NEGATIVE_INFINITY)) this.#set({ entries: [...entries, entry] })
    } else if (event === 'anew') this.#set({ entries: [] })
    else if (event === 'closed') this.#set({ link: { state: 'closed' } })
  }

  /** Longer each time; with jitter, so that many browsers do not come back as one. */
  #wait(): Promise<void> {
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#tries++)
    const ms = longest * (0.5 + Math.random() / 2)
    this.#set({ link: { state: 'waiting', until: performance.now() + ms } })
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#retry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #set(part: Partial<Told>): void {
    this.#told = { ...this.#told, ...part }
    if (this.#drawing) return
    this.#drawing = true
    setTimeout(() => {
      this.#drawing = false
      for (const listener of this.#listeners) listener()
    }, drawEveryMs)
  }
}
