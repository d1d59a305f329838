import type { Bucket } from './bucket.ts'
import type { Pool } from './capacity.ts'
import type { PlannedCapacity } from './capacity-plan.ts'
import type { PlannedFault, PlannedLimit } from './timeline.ts'

/**
 * The provider's state during a run: how often each entry was asked, the rate limits' buckets, and the ledger of what
 * was really processed. `decide` is a function of (plan, world, arrival, now, seed) and changes nothing else.
 */
export interface World {
  readonly counts: Map<number, EntryCount>
  /** By limit, dimension and scope. */
  readonly buckets: Map<string, Bucket>
  /** Slots and queues, by the surfaces they are behind. */
  readonly pools: Map<string, Pool>
  /** Whether load matters; not before an outage is started, nor once it was stopped. */
  reacts: boolean
  /** Targets (surfaces and fixed conditions) that some arrival of the run matched, by entry. */
  readonly touched: Set<number>
  readonly ledger: Ledger
  /** What each provider keeps from one request to the next, by provider. */
  readonly stores: Map<string, Map<string, unknown>>
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

/** Ground truth of what the providers did, whatever the client saw of it. */
export interface Ledger {
  /** Requests worked on to their end. */
  completions: number
  /** Of those, the ones whose response was lost on the way back. */
  lost: number
  /** Requests worked on whose answer broke off, or was spoiled. */
  broken: number
  /** Of all that was worked on. */
  inputTokens: number
  outputTokens: number
  /** How often each side effect was done, by surface and name. */
  readonly sideEffects: Map<string, number>
}

export function createWorld(): World {
  return {
    counts: new Map(),
    buckets: new Map(),
    pools: new Map(),
    reacts: true,
    touched: new Set(),
    ledger: { completions: 0, lost: 0, broken: 0, inputTokens: 0, outputTokens: 0, sideEffects: new Map() },
    stores: new Map(),
  }
}

/** What `provider` keeps in this run, made when first asked for. */
export function storeOf({ stores }: World, provider: string): Map<string, unknown> {
  let store = stores.get(provider)
  if (!store) {
    store = new Map()
    stores.set(provider, store)
  }
  return store
}

/** The counters of an entry, made when first asked for. */
export function countOf(world: World, entry: PlannedFault | PlannedLimit | PlannedCapacity): EntryCount {
  let count = world.counts.get(entry.index)
  if (!count) {
    count = { eligible: 0, hits: 0, expected: 0, shadowed: 0, byScope: new Map(), drawnFor: new Set() }
    world.counts.set(entry.index, count)
  }
  return count
}
