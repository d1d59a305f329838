/** What can be wrong with a scenario file; closed, so that tools may switch over it. */
export type DiagnosticCode =
  // The file itself.
  | 'file-missing'
  | 'file-is-directory'
  | 'file-unreadable'
  | 'file-too-large'
  | 'file-not-text'
  | 'file-empty'
  | 'too-many-problems'
  // YAML.
  | 'yaml-syntax'
  | 'yaml-tab'
  | 'yaml-tag'
  | 'yaml-version'
  | 'duplicate-key'
  | 'several-documents'
  | 'too-deep'
  | 'alias-bomb'
  | 'bad-alias'
  | 'bad-merge'
  | 'bad-key'
  // The shape of the format; the JSON Schema finds these too.
  | 'unknown-key'
  | 'missing-key'
  | 'conflicting-keys'
  | 'wrong-type'
  | 'unsupported-version'
  | 'bad-choice'
  | 'bad-duration'
  | 'bad-share'
  | 'bad-rate'
  | 'bad-number'
  | 'bad-factor'
  | 'bad-instant'
  | 'bad-cut-point'
  | 'bad-name'
  | 'bad-length'
  | 'unknown-fault'
  | 'unknown-oracle'
  // What the words mean together.
  | 'duration-out-of-range'
  | 'unknown-provider'
  | 'unknown-surface'
  | 'taken-surface'
  | 'unknown-phase'
  | 'lap-out-of-range'
  | 'duplicate-phase'
  | 'track-backwards'
  | 'mix-above-one'
  | 'meaningless-key'
  | 'out-of-run'
  // Said when the scenario is to be run.
  | 'bad-variant'
  // Said later, by an engine that is handed the scenario.
  | 'engine-cannot'

export type DiagnosticSeverity = 'error' | 'warning'

/** A place in a text, both counted from 1; columns in UTF-16 units, as editors count them. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One thing that is wrong, where, and what to do about it. */
export interface Diagnostic extends Place {
  /** The file as it was named by whoever asked. */
  readonly file: string
  readonly code: DiagnosticCode
  readonly severity: DiagnosticSeverity
  /** A sentence. */
  readonly message: string
  /** What to do. */
  readonly hint?: string
}

/** Orders by place, then by words, and drops what is said twice (an anchor's fault shows at every alias). */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map(d => [`${d.line}:${d.column}:${d.code}:${d.message}`, d]))
  return [...unique.values()].sort(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      rank(a) - rank(b) ||
      (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
  )
}

/** The note that the list ends goes last. */
function rank({ code }: Diagnostic): number {
  return code === 'too-many-problems' ? 1 : 0
}
