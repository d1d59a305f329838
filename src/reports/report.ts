import type { RunResult } from '../run/result.ts'
import type { JsonReport } from './json.ts'

export interface ReportOptions {
  readonly color: boolean
  /** Words after `blackstart run` that give this very run again, quoted for a shell. */
  readonly replay: readonly string[]
  /** One of several runs: a run that passed is told in brief. */
  readonly brief?: boolean
}

/** What is kept of a run once it is over: its document, and its text in one report kind. */
export interface RunPart {
  readonly document: JsonReport
  readonly text: string
}

/** A way to write down what runs showed. Pure: results to text. */
export interface Report {
  /** One sentence for `--help`. */
  readonly says: string
  one(result: RunResult, options: ReportOptions): string
  /** Several runs in one document; `parts` in the order they ran. */
  several(parts: readonly RunPart[], options: { readonly color: boolean }): string
}
