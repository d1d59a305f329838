import type { Scenario } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { scenarioShape } from './declaration.ts'
import { type Diagnostic, type Place, sortDiagnostics } from './diagnostic.ts'
import { gatherFacts, reportDuplicatePhases, reportTakenSurfaces } from './facts.ts'
import { lineIndex, type Positions, positionsOf } from './positions.ts'
import { openReport, type Reading, TooManyProblems } from './reading.ts'
import { readTree } from './yaml-tree.ts'

/** The largest scenario file, bytes (or UTF-16 units of a text already in memory). */
export const largestScenario = 1_000_000

export interface ParseOptions {
  readonly catalogue: Catalogue
  /** The file's name for diagnostics. */
  readonly file?: string
}

export interface ParseResult {
  /** Absent when there is an error. */
  readonly scenario?: Scenario
  /** All problems, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[]
  readonly positions: Positions
}

/** Reads a scenario from YAML; whatever is wrong with it comes back as diagnostics, never as a throw. */
export function parseScenario(source: string, { catalogue, file = 'scenario' }: ParseOptions): ParseResult {
  const text = source.replace(/^\uFEFF/, '')
  const placeAt = lineIndex(text)
  const { diagnostics, report } = openReport(file, placeAt)
  const places = new Map<string, Place>()
  const done = (scenario?: Scenario): ParseResult => ({
    ...(scenario && !diagnostics.some(diagnostic => diagnostic.severity === 'error') && { scenario }),
    diagnostics: sortDiagnostics(diagnostics),
    positions: positionsOf(places),
  })

  const unfit = unfitText(text)
  if (unfit) {
    report(unfit.code, { from: 0, to: 0 }, unfit.message, unfit.hint)
    return done()
  }
  try {
    return done(readRoot(text, catalogue, { report, place: (path, at) => places.set(path, placeAt(at.from)) }))
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error
    const last = sortDiagnostics(diagnostics).at(-1)
    const message = 'There are more problems; the search for them ended here.'
    const place = { line: last?.line ?? 1, column: last?.column ?? 1 }
    diagnostics.push({ file, ...place, code: 'too-many-problems', severity: 'error', message })
    return done()
  }
}

function readRoot(
  text: string,
  catalogue: Catalogue,
  { report, place }: Pick<Reading, 'report' | 'place'>,
): Scenario | undefined {
  let complained = false
  const root = readTree(text, (...args) => {
    complained = true
    report(...args)
  })
  if (!root) {
    if (!complained) report('file-empty', { from: 0, to: 0 }, 'There is no scenario in this file.', emptyHint)
    return undefined
  }
  place('', root)
  const facts = gatherFacts(root, catalogue)
  reportDuplicatePhases(root, report)
  reportTakenSurfaces(root, facts, catalogue, report)
  return scenarioShape(catalogue).read(root, '', { facts, report, place })
}

export const emptyHint = 'A scenario begins with: blackstart: 1'

/** Why a text is not even looked at. */
function unfitText(text: string): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined {
  if (text.length > largestScenario) return tooLarge(text.length)
  if (text.includes('\0')) return notText
  if (text.trim() === '') return { code: 'file-empty', message: 'The file is empty.', hint: emptyHint }
  return undefined
}

export const notText = {
  code: 'file-not-text',
  message: 'This is not a text file.',
  hint: 'Scenarios are YAML, saved as UTF-8.',
} as const

/** `size` is in bytes; `undefined` when it was not counted to the end. */
export function tooLarge(size: number | undefined): Pick<Diagnostic, 'code' | 'message' | 'hint'> {
  const found = size === undefined ? 'has more than 1 MB' : `has ${(size / 1e6).toFixed(1)} MB`
  return {
    code: 'file-too-large',
    message: `The file ${found}; the limit for a scenario is 1 MB.`,
    hint: 'Is it the right file? Repeated stretches belong in a "repeat".',
  }
}
