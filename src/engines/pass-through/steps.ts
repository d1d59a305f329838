import type { AttemptOutcome } from '../../journal/event.ts'

/** What is to be sent next of a body, as soon as it is there. */
export interface Data {
  readonly type: 'data'
  readonly data: Uint8Array
}

/** How the body ends. */
export interface End {
  readonly type: 'end'
  /**
   * `finish` and `clean`: its framing is ended as it should be; `fin`, `rst`: the connection is closed or reset, what was
   * sent being flushed first; `hold`: nothing more comes, for as long as the client bears it.
   */
  readonly how: 'finish' | 'clean' | 'fin' | 'rst' | 'hold'
  readonly outcome: AttemptOutcome
  /** Why the upstream broke off, which is no fault of ours. */
  readonly broken?: string
}

/** Any number of `data`, then one `end`. */
export type Step = Data | End

/** The end of a body that nothing was done to. */
export function endOf(over: { readonly over: string; readonly why?: string }, whole: End): End {
  if (over.over === 'whole') return whole
  if (over.over === 'aborted') return { type: 'end', how: 'rst', outcome: 'aborted' }
  return { type: 'end', how: 'rst', outcome: 'cut', ...(over.why !== undefined && { broken: over.why }) }
}
