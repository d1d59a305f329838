/** The real timers and the real time, captured before any simulation can replace them. For drivers and watchdogs alone. */
export const nativeSetImmediate = setImmediate
export const nativeClearImmediate = clearImmediate
export const nativeSetTimeout = setTimeout
export const nativeClearTimeout = clearTimeout
export const nativeSetInterval = setInterval
export const nativeClearInterval = clearInterval
const performanceNow = performance.now.bind(performance)

/** Real ms, monotonic, from an arbitrary origin. */
export function nativeNow(): number {
  return performanceNow()
}

const dateNow = Date.now.bind(Date)

/** The real time of day, ms since the epoch. For what has a date of its own, such as the end of an exception. */
export function nativeEpochMs(): number {
  return dateNow()
}
