import { notice } from '../output.ts'

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const
type Ending = keyof typeof exitCodes
const endings: readonly Ending[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** What was waited for, or the exit code of whoever did not want to wait for it. */
export type Waited<T> =
  | { readonly type: 'came'; readonly value: T }
  | { readonly type: 'left'; readonly exitCode: number }

/** Waits for the word to begin. Who asks for the end before it is told that nothing was begun. */
export async function unlessLeft<T>(word: Promise<T>): Promise<Waited<T>> {
  const left = Promise.withResolvers<Waited<T>>()
  const listeners = endings.map(name => [name, () => leave(name)] as const)
  const leave = (name: Ending) => {
    notice(`blackstart: ${name}: nothing was begun, and nothing was injected.`)
    left.resolve({ type: 'left', exitCode: exitCodes[name] })
  }
  for (const [name, listener] of listeners) process.once(name, listener)
  try {
    return await Promise.race([word.then((value): Waited<T> => ({ type: 'came', value })), left.promise])
  } catch (error) {
    // While a question stands at the terminal, Ctrl-C is no signal.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
    leave('SIGINT')
    return await left.promise
  } finally {
    for (const [name, listener] of listeners) process.off(name, listener)
  }
}
