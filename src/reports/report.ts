import type { RunResult } from '../run/result.ts'
import type { JsonReport } from './json.ts'

export interface ReportOptions {
  readonly color: boolean
  /** Words after `blackstart run` that give this very run again, quoted for a shell. */
  readonly replay: readonly string[]
  /** The command that takes those words, where the engine does not tell it: `gameday run`. */
  readonly command?: string | undefined
  /** One of several runs: a run that passed is told in brief. */
  readonly brief?: boolean
}

/** What is kept of a run once it is over: its document, and its text in one report kind. */
export interface RunPart {
  readonly document: JsonReport
  readonly text: string
}

/** What is said of several runs together. */
export interface SeveralOptions {
  readonly color: boolean
  /** One run was asked for: its document stands alone. */
  readonly single?: boolean
  /** Of all of them: what is accepted and need not be. */
  readonly notices?: readonly string[]
  /** What the scenarios' files are relative to, as whoever reads the report sees them: `packages/app/`. */
  readonly filesBelow?: string
}

/** A way to write down what runs showed. Pure: results to text. */
export interface Report {
  /** One sentence for `--help`. */
  readonly says: string
  /** Written where the run was made, from all that it showed; absent where the document is enough. */
  one?(result: RunResult, options: ReportOptions): string
  /** Runs in one text; `parts` in the order they ran. Of a single run only where there is no `one`. */
  several(parts: readonly RunPart[], options: SeveralOptions): string
  /** Why nothing was run; absent where that is told on stderr alone. */
  refused?(diagnostics: readonly RefusedDiagnostic[], options: SeveralOptions): string
}

/** What is wrong with a scenario, a config, a client or the command line; the last have no place in a file. */
export interface RefusedDiagnostic {
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly code: string
  readonly message: string
  readonly hint?: string
}
