import type { AnswerEntry } from '../model/scenario.ts'
import { answerEntry } from './answers.ts'
import type { Catalogue } from './catalogue.ts'
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts'
import { gatherFacts } from './facts.ts'
import { list } from './lists.ts'
import { lineIndex } from './positions.ts'
import { readText } from './read-file.ts'
import { openReport, TooManyProblems } from './reading.ts'
import { readTree } from './yaml-tree.ts'

export interface AnswersResult {
  /** Absent when there is an error. */
  readonly entries?: readonly AnswerEntry[]
  readonly diagnostics: readonly Diagnostic[]
  /** What the file holds, for excerpts. */
  readonly text: string
}

/** Reads a file of answers, YAML or JSON: a list of what a scenario has under `answers`. */
export function readAnswersFile(path: string, { catalogue }: { readonly catalogue: Catalogue }): AnswersResult {
  const text = readText(path)
  if (typeof text !== 'string') {
    const { code, message, hint } = text
    const place = { file: path, line: 1, column: 1 }
    return { diagnostics: [{ ...place, code, severity: 'error', message, ...(hint && { hint }) }], text: '' }
  }
  const { diagnostics, report } = openReport(path, lineIndex(text))
  let entries: readonly AnswerEntry[] | undefined
  try {
    const root = readTree(text, report)
    if (root) {
      const facts = gatherFacts(undefined, catalogue)
      entries = list(answerEntry(catalogue)).read(root, '', { facts, report, place: () => {} })
    } else if (diagnostics.length === 0)
      report('file-empty', { from: 0, to: 0 }, 'There are no answers in this file.', 'Write a list: - says: Hello.')
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error
  }
  return { ...(diagnostics.length === 0 && entries && { entries }), diagnostics: sortDiagnostics(diagnostics), text }
}
