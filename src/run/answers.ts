import { dirname, resolve } from 'node:path'
import { UsageError } from '../lib/errors.ts'
import type { AnswerEntry, Scenario } from '../model/scenario.ts'
import { formatDiagnostics, readAnswersFile } from '../scenario/index.ts'
import type { FullCatalogue } from './catalogue.ts'

/** Answers of the user's own: a list of them, or the path of a file that has one. */
export type AnswersOption = readonly AnswerEntry[] | string

export interface AnswersSources {
  /** Tried before the scenario's. */
  readonly own?: AnswersOption | undefined
  readonly scenario: Scenario
  /** The scenario's file: what `answers: { from }` is relative to. The current folder when absent. */
  readonly file?: string | undefined
  readonly catalogue: FullCatalogue
}

/** All answers of a run. Throws a `UsageError` for a file that cannot be read, or says what no answer can say. */
export function answersOf({ own = [], scenario, file, catalogue }: AnswersSources): readonly AnswerEntry[] {
  const { answers = [] } = scenario
  const read = (path: string) => readAnswers(path, catalogue)
  const first = typeof own === 'string' ? read(resolve(own)) : own
  if (!('from' in answers)) return [...first, ...answers]
  return [...first, ...read(resolve(file === undefined ? '.' : dirname(file), answers.from))]
}

function readAnswers(path: string, catalogue: FullCatalogue): readonly AnswerEntry[] {
  const { entries, diagnostics, text } = readAnswersFile(path, { catalogue })
  if (!entries) throw new UsageError(formatDiagnostics(diagnostics, text))
  return entries
}
