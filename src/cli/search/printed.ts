import { notice } from '../output.ts'

const keptCharacters = 4_000

/**
 * What a client under search prints: thousands of runs print the same, so it is kept back, but for its end, which is told
 * where the process dies. BLACKSTART_DEBUG=1 shows it all.
 */
export class PrintedTail {
  text = ''

  take(text: string): void {
    if (process.env['BLACKSTART_DEBUG'] === '1') notice(text)
    this.text = (this.text + text).slice(-keptCharacters)
  }
}
