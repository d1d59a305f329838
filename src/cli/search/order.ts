import type { Scenario } from '../../model/scenario.ts'
import type { Addresses } from '../../providers/addressed.ts'
import type { Shard } from '../../search/shard.ts'
import type { CorpusFile, FoundFailure } from '../../search/summary.ts'
import type { SweepReport } from '../../search/sweep.ts'
import type { TallyData } from '../../search/tally.ts'
import type { Origin } from '../../search/types.ts'
import type { Target } from '../registry.ts'
import type { Beat, Refusal } from '../run/messages.ts'

/** Set, with a {@link SearchOrder} as JSON, in a process that does the running. */
export const searchVariable = 'BLACKSTART_SEARCH'

/** Whom a search or a replay is about: plain data, so that it can be handed to the process that does it. */
export interface SubjectRequest {
  /** `--client`; the config's, or the scenario's usual one, when absent. */
  readonly client: string | undefined
  /** The config's file; none when absent. */
  readonly config: string | undefined
  readonly addresses: Addresses
}

export interface SearchRequest extends SubjectRequest {
  readonly base: Target | undefined
  readonly seed: number
  /** Outages at random, all shards together. */
  readonly runs: number | undefined
  readonly timeMs: number | undefined
  readonly shard: Shard
  readonly workers: number
  /** Folder of found files. */
  readonly corpus: string
  /** Only these oracles are searched for; all when empty. */
  readonly oracles: readonly string[]
  /** Each worker leaves it at so many failures; never before its budget when absent. */
  readonly findingsAtMost?: number
}

/** How much of a shard is done: outages of its sweep, for relations, and at random. */
export interface Done {
  readonly sweep: number
  readonly relations: number
  readonly random: number
}

/** Outages in all. */
export const countOf = ({ sweep, relations, random }: Done) => sweep + relations + random

export const nothingDone: Done = { sweep: 0, relations: 0, random: 0 }

/** What the watching process asks of one that runs. */
export type SearchOrder =
  | { readonly do: 'corpus'; readonly request: SearchRequest }
  | { readonly do: 'search'; readonly request: SearchRequest; readonly part: Part }
  | {
      readonly do: 'replay'
      readonly request: SubjectRequest
      readonly files: readonly string[]
      /** The journals are wanted, too. */
      readonly journals: boolean
    }

/** What one of several workers searches. */
export interface Part {
  readonly shard: Shard
  /** What is left of the search's time, ms. */
  readonly timeMs: number | undefined
  readonly done: Done
  /** Oracles that need not be looked into any more. */
  readonly known: readonly string[]
}

/** What it tells, one JSON text a line. */
export type SearchMessage =
  | Beat
  | { readonly type: 'loaded'; readonly client: string }
  | ({ readonly type: 'try' } & Trying)
  | { readonly type: 'tally'; readonly data: TallyData }
  | { readonly type: 'sweep'; readonly report: SweepReport }
  | { readonly type: 'shrinking'; readonly oracle: string }
  | { readonly type: 'found'; readonly failure: Omit<FoundFailure, 'seenMs' | 'foundMs'> }
  | { readonly type: 'corpus'; readonly file: CorpusFile }
  | { readonly type: 'replayed'; readonly file: ReplayedFile }
  | ({ readonly type: 'ended' } & Ended)
  | ({ readonly type: 'refused' } & Refusal)
  | { readonly type: 'crashed'; readonly message: string; readonly stack: string | undefined }
  | { readonly type: 'done' }

/** Said before every run, in case that nobody comes back from it. */
export interface Trying {
  readonly scenario: Scenario
  readonly origin: Origin
  /** Where it stands in the whole search. */
  readonly place: FoundFailure['place']
  /** How much is done once it is over. */
  readonly after: Done
}

/** How a worker's search ended. */
export interface Ended {
  readonly unwell?: string
  readonly diverged?: string
  /** Something at module level that outlives a run. */
  readonly leaves?: string
  readonly passing: readonly string[]
  readonly done: Done
  /** It grew too large: another process is to go on. */
  readonly recycle: boolean
}

/** A found file that was replayed, with what is to be told of it. */
export interface ReplayedFile extends CorpusFile {
  readonly difference?: string
  /** Of the run; absent where the file could not be read. */
  readonly exitCode?: number
  /** What the terminal report says of the run. */
  readonly text?: string
  /** The journal of the run, where it was asked for. */
  readonly journal?: string
}
