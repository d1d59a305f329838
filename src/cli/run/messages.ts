import type { ReportKind } from '../../reports/index.ts'
import type { JsonReport } from '../../reports/json.ts'
import type { RefusedDiagnostic } from '../../reports/report.ts'

/** Set, with a {@link WorkerOrder} as JSON, in the process that does the running. */
export const workerVariable = 'BLACKSTART_WORKER'

/** What the process that runs tells the one that watches: one JSON text a line. */
export type Message =
  | Beat
  /** A scenario is over. */
  | { readonly type: 'part'; readonly index: number; readonly document: JsonReport; readonly texts: Texts }
  /** What was asked for cannot be done (exit 2). */
  | ({ readonly type: 'refused' } & Refusal)
  /** A bug of ours. */
  | { readonly type: 'crashed'; readonly message: string; readonly stack: string | undefined }
  | { readonly type: 'done' }

/** A sign of life, several times a second of real time. */
export interface Beat {
  readonly type: 'beat'
  /** Which of the targets. */
  readonly index: number
  readonly doing: 'loading' | 'starting' | 'running' | 'judging'
  readonly scenario: string
  readonly client: string
  readonly seed: number
  /** Virtual ms since t = 0. */
  readonly t: number
  readonly endMs: number
  readonly phase: string
  readonly tasks: number
  readonly attempts: number
  readonly heapBytes: number
}

export type Texts = Readonly<Partial<Record<ReportKind, string>>>

export interface Refusal {
  /** For people. */
  readonly text: string
  readonly diagnostics: readonly RefusedDiagnostic[]
}

/** Takes messages in the order they happen. */
export type Send = (message: Message) => void
