import { AssertionError } from 'node:assert'

/** Whether something holds, and what to say to whom that is news. */
export interface Assessment<T = undefined> {
  readonly holds: boolean
  /** False when nothing was tested: then neither it nor its opposite is shown. */
  readonly isConclusive: boolean
  /** Why it does not hold, or, where it does, what speaks against its opposite. */
  readonly message: string
  readonly value: T
}

/** The value of what holds. Throws an `AssertionError` for anything else. */
export function demand<T>({ holds, isConclusive, message, value }: Assessment<T>): T {
  if (!holds || !isConclusive) throw new AssertionError({ message, operator: 'blackstart', stackStartFn: demand })
  return value
}
