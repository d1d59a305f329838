/** Something the person at the keyboard can mend: wrong usage, a bad client module. Printed without a stack; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
