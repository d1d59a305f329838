import type { Catalogue } from './catalogue.ts'
import { type ConfigData, configShape } from './config-data.ts'
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts'
import { gatherFacts } from './facts.ts'
import { lineIndex } from './positions.ts'
import { readText } from './read-file.ts'
import { openReport, TooManyProblems } from './reading.ts'
import { entryOf, type Node } from './tree.ts'
import { readTree } from './yaml-tree.ts'

export interface ConfigFileResult {
  /** Absent when there is an error. */
  readonly data?: ConfigData
  /** All problems, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[]
  /** What the file holds, for excerpts. */
  readonly text: string
}

export interface ConfigFileOptions {
  readonly catalogue: Catalogue
  /** The file's name for diagnostics; its path when absent. */
  readonly file?: string
}

/** Reads a config in YAML; whatever is wrong with it comes back as diagnostics. An empty one says nothing. */
export function readConfigFile(path: string, { catalogue, file = path }: ConfigFileOptions): ConfigFileResult {
  const text = readText(path)
  if (typeof text !== 'string') {
    const diagnostic: Diagnostic = { file, line: 1, column: 1, severity: 'error', ...text }
    return { diagnostics: [diagnostic], text: '' }
  }
  const { diagnostics, report } = openReport(file, lineIndex(text))
  let data: ConfigData | undefined
  try {
    const root = readTree(text, report)
    if (root) {
      reportCode(root, report)
      data = configShape(catalogue).read(withoutCode(root), '', {
        facts: gatherFacts(undefined, catalogue),
        report,
        place: () => {},
      })
    } else if (diagnostics.length === 0) data = {}
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error
  }
  return {
    ...(diagnostics.length === 0 && data && { data }),
    diagnostics: sortDiagnostics(diagnostics),
    text,
  }
}

const code: readonly string[] = ['faults', 'oracles']

function reportCode(root: Node, report: ReturnType<typeof openReport>['report']): void {
  for (const key of code) {
    const entry = entryOf(root, key)
    if (entry)
      report(
        'meaningless-key',
        entry.keyRange,
        `Your own ${key} are code.`,
        'Write blackstart.config.ts in place of this file.',
      )
  }
}

function withoutCode(root: Node): Node {
  if (root.type !== 'map') return root
  return { ...root, entries: root.entries.filter(({ key }) => !code.includes(key)) }
}
