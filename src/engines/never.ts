/** What the code of a process that is gone gets in place of an answer. */
export function never(): Promise<never> {
  return new Promise(() => {})
}
