import { nativeNow } from './native.ts'

/** One piece of real work that virtual time waits for. */
export interface Work {
  /** What to call it when it was waited for in vain. */
  says(): string
  /** How long it is waited for, real ms. */
  readonly patienceMs: number
  /** Whether to tell that it was given up; what may well go on for ever is let go in silence. */
  readonly loud?: boolean
  /** False once it turns out to be over, or to wait for virtual time itself. */
  isOpen?(): boolean
  onGaveUp?(): void
}

interface Entry {
  readonly work: Work
  since: number
  /** How often it was looked at since. */
  looks: number
}

/**
 * What ran out of patience is looked at this often before it is given up: on a busy machine this process may have slept
 * through all of it, with the answer waiting to be read.
 */
const looksAtLeast = 20

/** The real work that is under way now. */
export class OpenWork {
  private readonly entries = new Map<unknown, Entry>()
  private readonly onGaveUp: (what: string) => void

  constructor(onGaveUp: (what: string) => void) {
    this.onGaveUp = onGaveUp
  }

  start(key: unknown, work: Work): void {
    this.entries.set(key, { work, since: nativeNow(), looks: 0 })
  }

  end(key: unknown): boolean {
    return this.entries.delete(key)
  }

  /** How much is under way; what outlasted its patience is dropped. */
  pending(): number {
    if (this.entries.size === 0) return 0
    const now = nativeNow()
    for (const [key, entry] of this.entries) {
      const { work } = entry
      if (work.isOpen?.() === false) this.entries.delete(key)
      else if (++entry.looks >= looksAtLeast && now - entry.since >= work.patienceMs) {
        this.entries.delete(key)
        work.onGaveUp?.()
        if (work.loud) this.onGaveUp(work.says())
      }
    }
    return this.entries.size
  }

  clear(): void {
    this.entries.clear()
  }
}
