import type { Bucket } from './bucket.ts'
import type { PlannedFault, PlannedLimit } from './timeline.ts'

/**
 * The provider's state during a run: how often each entry was asked, the rate limits' buckets, and the ledger of what
 * was really processed. `decide` is a function of (plan, world, arrival, now, seed) and changes nothing else.
 */
export interface World {
  readonly counts: Map<number, EntryCount>
  /** By limit, dimension and scope. */
  readonly buckets: Map<string, Bucket>
  /** Targets (surfaces and fixed conditions) that some arrival of the run matched, by entry. */
  readonly touched: Set<number>
  readonly ledger: Ledger
}

export interface EntryCount {
  eligible: number
  hits: number
  /** Sum of the chances that each eligible arrival had of being hit; arrivals that share a draw have one together. */
  expected: number
  /** Arrivals it would have spoken of, had an entry before it not taken them. */
  shadowed: number
  /** Eligible arrivals by scope, for `first`, `nth` and `every`. */
  readonly byScope: Map<string, number>
  /** Whom a `sticky` entry has drawn for. */
  readonly drawnFor: Set<string>
}

/** Ground truth of what the provider did, whatever the client saw of it. */
export interface Ledger {
  completions: number
  inputTokens: number
  outputTokens: number
  /** Processed and then lost on the way back. */
  lost: number
}

export function createWorld(): World {
  return {
    counts: new Map(),
    buckets: new Map(),
    touched: new Set(),
    ledger: { completions: 0, inputTokens: 0, outputTokens: 0, lost: 0 },
  }
}

/** The counters of an entry, made when first asked for. */
export function countOf(world: World, entry: PlannedFault | PlannedLimit): EntryCount {
  let count = world.counts.get(entry.index)
  if (!count) {
    count = { eligible: 0, hits: 0, expected: 0, shadowed: 0, byScope: new Map(), drawnFor: new Set() }
    world.counts.set(entry.index, count)
  }
  return count
}
