import { nativeNow } from './native.ts'

/** One piece of real work that virtual time waits for. */
export interface Work {
  /** What to call it when it was waited for in vain. */
  says(): string
  /** How long after its last sign of life it is waited for, real ms. */
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
}

/** The real work that is under way now. */
export class OpenWork {
  private readonly entries = new Map<unknown, Entry>()
  private readonly onGaveUp: (what: string) => void

  constructor(onGaveUp: (what: string) => void) {
    this.onGaveUp = onGaveUp
  }

  start(key: unknown, work: Work): void {
    this.entries.set(key, { work, since: nativeNow() })
  }

  /** It still moves: patience with it begins anew. */
  touch(key: unknown): void {
    const entry = this.entries.get(key)
    if (entry) entry.since = nativeNow()
  }

  end(key: unknown): boolean {
    return this.entries.delete(key)
  }

  /** How much is under way; what outlasted its patience is dropped. */
  pending(): number {
    if (this.entries.size === 0) return 0
    const now = nativeNow()
    for (const [key, { work, since }] of this.entries) {
      if (work.isOpen?.() === false) this.entries.delete(key)
      else if (now - since >= work.patienceMs) {
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
