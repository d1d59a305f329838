/** Something only a bug of blackstart can cause. Never thrown for what a user did: that is a diagnostic or a `UsageError`. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/** Stops the run when `condition` does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Ends a `switch` over a closed union: a new member makes it fail to compile. */
export function unreachable(value: never): never {
  throw new InvariantError(`Unreachable case: ${JSON.stringify(value)}`)
}
