/**
 * `next` with each part of `last` that equals it in its place, so that what did not change is the very same object and is
 * not drawn again. For data that came from JSON.
 */
export function reuse<T>(last: unknown, next: T): T {
  if (Object.is(last, next) || !isObject(last) || !isObject(next) || Array.isArray(last) !== Array.isArray(next))
    return next
  const keys = Object.keys(next)
  let isSame = keys.length === Object.keys(last).length
  const result = (Array.isArray(next) ? [] : {}) as Record<string, unknown>
  for (const key of keys) {
    result[key] = reuse(last[key], next[key])
    isSame &&= Object.is(result[key], last[key])
  }
  // Either is of the shape of `next`, which is all that its type says.
  return (isSame ? last : result) as T
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
