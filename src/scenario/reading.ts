import type { Diagnostic, DiagnosticCode, Place } from './diagnostic.ts'
import type { Facts } from './facts.ts'
import type { Range } from './tree.ts'

/** What shapes need while they read one file: where to complain, and what the file says as a whole. */
export interface Reading {
  readonly facts: Facts
  report(code: DiagnosticCode, at: Range, message: string, hint?: string): void
  /** Remembers where the value of `path` stands. */
  place(path: string, at: Range): void
}

/** Problems that are collected, at most: a file with more is not a scenario with mistakes. */
const mostProblems = 1_000

/** Thrown out of a reading that has found {@link mostProblems}; `parse.ts` catches it. */
export class TooManyProblems extends Error {}

/** Collects diagnostics for `file`. */
export function openReport(file: string, place: (offset: number) => Place) {
  const diagnostics: Diagnostic[] = []
  return {
    diagnostics,
    report(code: DiagnosticCode, at: Range, message: string, hint?: string): void {
      if (diagnostics.length >= mostProblems) throw new TooManyProblems()
      diagnostics.push({
        file,
        ...place(at.from),
        code,
        severity: 'error',
        message,
        ...(hint !== undefined && { hint }),
      })
    },
  }
}
