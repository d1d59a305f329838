import { createInterface } from 'node:readline/promises'
import { suggest } from '../../lib/suggest.ts'
import { notice } from '../output.ts'

export interface Question {
  /** Ends without a mark. */
  readonly asks: string
  readonly usual: string
  /** The only answers there are; any text when absent. */
  readonly options?: readonly string[]
}

/** Asks a person at the terminal; an empty answer is the usual one. The questions stand on stderr. */
export async function ask(questions: readonly Question[]): Promise<readonly string[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answers: string[] = []
  try {
    for (const { asks, usual, options } of questions) {
      const choice = options ? ` (${options.join(', ')})` : ''
      let answer: string | undefined
      while (answer === undefined) {
        const given = (await terminal.question(`${asks}${choice} [${usual}]: `)).trim() || usual
        if (!options || options.includes(given)) answer = given
        else notice(`"${given}" is none of these${near(given, options)}.`)
      }
      answers.push(answer)
    }
  } finally {
    terminal.close()
  }
  return answers
}

function near(given: string, options: readonly string[]): string {
  const meant = suggest(given, options)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}
