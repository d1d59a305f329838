import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import type { RunResult } from '../run/result.ts'
import type { RunOptions } from '../run/run-scenario.ts'
import type { Progress } from '../run/simulate.ts'

/** Which stage of a search made an outage. */
export type Origin = 'corpus' | 'sweep' | 'pairs' | 'relations' | 'random' | 'shrink'

/** One outage that was tried, and what came of it. */
export interface Tried {
  readonly scenario: Scenario
  readonly origin: Origin
  readonly result: RunResult
  /** Ids of the oracles that failed, worst first; empty where none did. */
  readonly failed: readonly string[]
  readonly attempts: number
}

/** Runs the client through one outage, within the budget of a search. */
export type Try = (scenario: Scenario, origin: Origin, options?: TryOptions) => Promise<Tried>

export interface TryOptions {
  /** To its end and with all oracles, as `blackstart run` does; otherwise it ends with the first safety oracle that fails. */
  readonly whole?: boolean
  /** To its end, as far as the budget of requests goes: what shows at the end alone is judged too. */
  readonly toEnd?: boolean
  /** Only these oracles end it early. */
  readonly only?: readonly string[]
  /** It is compared with further runs, for these relations; for none when absent, and in a whole run for those it expects. */
  readonly relations?: readonly string[]
  /** Wins over the scenario's own. */
  readonly seed?: number
}

/** What every run of a search is done with, beside its outage. */
export type RunWith = Pick<
  RunOptions,
  'faults' | 'oracles' | 'thresholds' | 'accepted' | 'answers' | 'answersFrom' | 'addresses'
>

/** The client under search, and how to have it as another process would. */
export interface Subject {
  readonly integration: Integration
  /** The client from modules of its own; where absent, all runs share those of `integration`. */
  another?(): Promise<Integration>
  /** How it is called on the command line, for the words of a found file; empty where the config says it. */
  readonly spec?: string
  /** The client's file, for the versions of what it uses. */
  readonly path?: string
}

export interface SearchOptions extends Subject {
  readonly runWith?: RunWith
  /** Where `base` was read from: what it names relative to its own file. */
  readonly baseFile?: string | undefined
  /** The outage to vary; where absent, an hour of nothing with what the client assumes. */
  readonly base?: Scenario | undefined
  /** Seed of the search, not of the app; 1 when absent. */
  readonly seed?: number
  /** Outages to try at random, after corpus and sweep. */
  readonly runs?: number
  /** Real time to spend, ms. */
  readonly timeMs?: number
  /** More attempts than this end a run. */
  readonly attemptsAtMost?: number
  /** Which part of the space this one takes, from 1. */
  readonly shard?: { readonly index: number; readonly of: number }
  /** Folder of found files: replayed first, and where new ones are written. */
  readonly corpus?: string
  readonly signal?: AbortSignal
  /** Ends the search once so many oracles have failed; never before its budget when absent. */
  readonly findingsAtMost?: number
  /** Only these oracles end a run early; when absent those that nothing was found for yet. */
  readonly only?: readonly string[] | undefined
  /** Relations that are judged whatever else fails, beside those that the app expects. */
  readonly relations?: readonly string[]
  /** Oracles that are known to fail: none of them is looked into. */
  readonly known?: readonly string[]
  /** Whether failures of other oracles that are met while one is made smaller are looked into as well; they are when absent. */
  readonly others?: boolean
  /** An outage is about to be tried. */
  onTry?(scenario: Scenario, origin: Origin): void
  /** How far the run under way is, now and then. */
  onProgress?(progress: Progress): void
  onTried?(tried: Tried): void
  /** A failure was seen, and is about to be made smaller. */
  onShrinking?(oracle: string, tried: Tried): void
  onFound?(counterexample: Counterexample): void
  onCorpus?(replay: Replay): void
}

/** A failure at its smallest, replayed twice from its own text. */
export interface Counterexample {
  readonly oracle: string
  readonly scenario: Scenario
  /** The file's text, `found` included. */
  readonly text: string
  readonly journalHash: string
  /** What it took. */
  readonly runs: number
  readonly shrinkMs: number
  /** Absent when every replay gave the same journal; otherwise the first line that differed. */
  readonly diverged?: string
  /** Whether every replay failed the same oracle. Where it did not, nothing is proven. */
  readonly confirmed: boolean
  /** The finding, as the last replay has it. */
  readonly message: string
  readonly origin: Origin
  /** Name for its file: `settles-1a2b3c4d.yaml`. */
  readonly fileName: string
  /** Where it was written, as the corpus folder was given; absent without one. */
  readonly file?: string
}

/** What became of a found file. */
export interface Replay {
  /** The file, as it was given. */
  readonly file: string
  readonly oracle: string
  readonly expected: 'pass' | 'fail' | 'inconclusive'
  /**
   * `as-expected`: it fails as it did, or holds as it is to. `fixed`: it was to fail and no longer does. `regressed`: it
   * was to hold and fails. `other-client`: it was found with another client. `unreadable`: it is no found file.
   */
  readonly status: 'as-expected' | 'fixed' | 'regressed' | 'inconclusive' | 'other-client' | 'unreadable'
  /** In words, for people. */
  readonly says: string
  /** Whether the journal is the one of the file, to the byte; absent where the file names none. */
  readonly sameJournal?: boolean
  /** What may have made the journals differ. */
  readonly difference?: string
  readonly result?: RunResult
}
