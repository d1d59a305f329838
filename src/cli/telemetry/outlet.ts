import type { RunResult } from '../../run/result.ts'
import type { Watched } from './watched.ts'

/** A way by which a drill tells others of itself. Whatever becomes of them, it never harms the drill. */
export interface Outlet {
  /** The drill is under way. */
  begin(drill: Watched): void
  /** The drill is over, and came to this. */
  end(result: RunResult): void
  /** Sends what is left, if it can be sent soon. Never rejects. */
  close(): Promise<void>
}

export interface OutletOptions {
  /** For people, who sit at the terminal. */
  say(text: string): void
  /** `text` without secrets of the environment. */
  mask(text: string): string
}
