import { UsageError } from '../lib/errors.ts'

/** Virtual time of one run is under way in this thread. */
let taken = false

/** Claims the globals for one virtual clock; the returned function gives them back. Throws a `UsageError` when they are not free. */
export function claimTimers(): () => void {
  if (taken)
    throw new UsageError(
      'Failed to start virtual time: another run is under way in this thread.',
      'Await it before the next one starts, or give each run a process of its own.',
    )
  if (isFake())
    throw new UsageError(
      'Failed to start virtual time: fake timers are installed already (vi.useFakeTimers, jest.useFakeTimers, sinon or node:test).',
      'Give the real ones back first, as vi.useRealTimers() does; blackstart brings its own clock, which also waits for real work.',
    )
  taken = true
  return () => {
    taken = false
  }
}

/** `clock` and `isFake` are the marks of sinon's timers, on which vitest's and Jest's are built; `isMock` is that of `node:test`. */
function isFake(): boolean {
  return 'clock' in globalThis.setTimeout || 'isFake' in Date || 'isMock' in Date
}
