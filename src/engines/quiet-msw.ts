import { nativeSetImmediate } from '../clock/native.ts'

const expected = new Set<unknown>()

/**
 * Marks `error` as meant to be thrown from an MSW handler, as a network error for the client. MSW tells one by its
 * `code` and `errno` (anything else becomes a 500), and prints each to the console as an accident, in two calls; those
 * two are left out.
 */
export function quietly(error: Error & { errno?: number }): Error {
  error.errno ??= -1
  if (expected.size === 0) filterConsole()
  expected.add(error)
  return error
}

/** In place until the next turn of the event loop; MSW prints within this one. */
function filterConsole(): void {
  const print = console.error
  let isSecond = false
  const filter = (...args: unknown[]) => {
    if (expected.has(args[0])) isSecond = true
    else if (isSecond && String(args[0]).includes('unhandled exception')) isSecond = false
    else print.apply(console, args)
  }
  console.error = filter
  nativeSetImmediate(() => {
    expected.clear()
    if (console.error === filter) console.error = print
  })
}
