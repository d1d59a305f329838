/** What a process has used up. */
export interface Spent {
  /** Of its own and of the kernel's work for it, ms. Waiting for a core of a busy machine is none of it. */
  readonly cpuMs: number
  readonly rssBytes: number
  /** Live after a collection, and what hangs on it outside the heap; 0 without `--expose-gc`. */
  readonly liveBytes: number
}

/** Of this process, so far. `collect`: first everything is let go of that nobody needs. */
export function spent({ collect }: { readonly collect: boolean }): Spent {
  const canCollect = collect && globalThis.gc !== undefined
  if (canCollect) for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { cpuMs: (user + system) / 1_000, rssBytes: rss, liveBytes: canCollect ? heapUsed + external : 0 }
}
