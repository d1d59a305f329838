/** A command of the tool: what `--help` says of it, and what it does. Heavy modules are imported by `run`, not before. */
export interface Command {
  readonly name: string
  /** Heading of the top-level help it stands under. */
  readonly group: 'begin' | 'run an outage' | 'write an outage'
  /** One line, no full stop. */
  readonly says: string
  readonly usage: string
  readonly flags: Readonly<Record<string, Flag>>
  /** How its help puts the flags, where one list would be too long to read; absent: all of them, as they come. */
  readonly groups?: readonly FlagGroup[]
  /** It takes a command of the user's behind `--`, which is left as it is. */
  readonly takesCommand?: true
  /** Whole command lines. */
  readonly examples: readonly string[]
  /** Resolves to the exit code. */
  run(invocation: Invocation): Promise<number>
}

/** Flags that are read together. */
export interface FlagGroup {
  readonly title: string
  readonly flags: readonly string[]
  /** What it takes beyond those, and where that is explained. */
  readonly more?: string
}

export interface Flag {
  readonly says: string
  /** What stands after it, `N`; a switch has none. */
  readonly value?: string
  /** One letter, `-o`. */
  readonly short?: string
  /** May be given more than once. */
  readonly many?: true
}

/** A command line as far as its shape goes: flags are known, and each has what it needs. */
export interface Invocation {
  readonly words: readonly string[]
  /** What stands behind `--`, for commands that take one; absent without the dashes. */
  readonly command: readonly string[] | undefined
  has(flag: string): boolean
  /** Value of a flag that is given at most once. */
  value(flag: string): string | undefined
  values(flag: string): readonly string[]
}
