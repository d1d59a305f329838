import { watchBrackets } from './brackets.ts'
import { nativeSetImmediate } from './native.ts'
import { OpenWork } from './open-work.ts'
import { watchRequests } from './requests.ts'
import { watchSockets } from './sockets.ts'

/** What keeps virtual time waiting: files, DNS, crypto, compression, processes, threads, sockets that await a reply. */
export interface RealWork {
  /** How much is under way now. */
  pending(): number
  /** Whether there was ever any. */
  readonly seen: boolean
  /** Announces work of our own that virtual time must wait for; the returned function ends it. */
  begin(what: string): () => void
  stop(): void
}

export interface RealWorkOptions {
  /** Told, once each, of work that outlasted the cap. */
  onGaveUp(what: string): void
  /** How long work is waited for, real ms. */
  readonly capMs: number
  /** How long a file is waited for, real ms; `capMs` when absent. */
  readonly fileCapMs?: number
}

/** Watches this thread's real work until `stop`. HTTP/2 and the pipes of a child process are not seen. */
export function watchRealWork({ onGaveUp, capMs, fileCapMs }: RealWorkOptions): RealWork {
  const open = new OpenWork(onGaveUp)
  let seen = false
  const onSeen = () => {
    seen = true
  }
  const stops = [
    watchRequests(open, capMs, onSeen, fileCapMs),
    watchSockets(open, capMs, onSeen),
    watchBrackets(open, capMs, onSeen),
  ]
  return {
    get seen() {
      return seen
    },
    pending: () => open.pending(),
    begin(what) {
      const key = Symbol(what)
      open.start(key, { says: () => what, patienceMs: capMs, loud: true })
      return () => open.end(key)
    },
    stop() {
      for (const stop of stops.reverse()) stop()
      open.clear()
    },
  }
}

/** How many turns of the event loop must pass with nothing under way: what ends may start the next thing. */
const restTurns = 20

/** How long each file is waited for, real ms: a slow disk has its time. */
const restFileMs = 30_000

/** How long all else is waited for, real ms: a compiler may stay on as a process, and a service as a connection. */
const restMs = 300

/**
 * Does `work`, and then waits until the real work that it started is over, so that none of it reaches into what comes
 * next: what loads modules writes its cache after the import.
 */
export async function toRest<T>(work: () => Promise<T>): Promise<T> {
  const watch = watchRealWork({ onGaveUp: () => {}, capMs: restMs, fileCapMs: restFileMs })
  try {
    const result = await work()
    for (let quiet = 0; quiet < restTurns; quiet = watch.pending() === 0 ? quiet + 1 : 0)
      await new Promise(resolve => nativeSetImmediate(resolve))
    return result
  } finally {
    watch.stop()
  }
}
