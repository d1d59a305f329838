import type { Frame } from '../arbitraries/frame.ts'
import { drawOutage } from '../arbitraries/outage-arbitrary.ts'
import { nativeNow } from '../clock/native.ts'
import { randomStream } from '../lib/draw.ts'
import type { Scenario } from '../model/scenario.ts'
import { answersOf } from '../run/answers.ts'
import { catalogueWith, type FullCatalogue } from '../run/catalogue.ts'
import { replayCorpus, writeFound } from './corpus.ts'
import { counterexampleOf } from './counterexample.ts'
import { divergence } from './determinism.ts'
import { type Explored, explore } from './explore.ts'
import { failingRelations } from './relate.ts'
import { createTry, triedOf } from './try.ts'
import type { Counterexample, Replay, SearchOptions, Tried, Try } from './types.ts'

/** What a stage of a search is given. */
export interface StageContext {
  readonly frame: Frame
  readonly attempt: Try
  readonly base: Scenario | undefined
  readonly seed: number
  readonly shard: { readonly index: number; readonly of: number }
  readonly catalogue: FullCatalogue
  /** Relations that may be judged now: where nothing has failed all that can fail, else those that are asked for. */
  relations(): readonly string[]
  /** Whether the budget of the search is used up. */
  isOver(): boolean
}

/** A part of a search: it tries outages, one after the other, until it has no more or the budget is used up. */
export type Stage = (context: StageContext) => AsyncIterable<Tried>

export interface CampaignOptions extends SearchOptions {
  /** In this order, after the corpus; random outages when absent. */
  readonly stages?: readonly Stage[]
}

export interface Campaign {
  readonly explored: Explored
  /** Why nothing was tried: the app does not get through a healthy stretch (exit 3). */
  readonly problem: string | undefined
  /** Where two clean runs of the client part: its runs cannot be compared, and nothing was tried (exit 6). */
  readonly diverged: string | undefined
  /** Outages tried, without those of shrinking. */
  readonly runs: number
  /** Requests made in them. */
  readonly attempts: number
  readonly ms: number
  /** Ms from the first outage to the first failure. */
  readonly firstFailureMs: number | undefined
  readonly counterexamples: readonly Counterexample[]
  readonly corpus: readonly Replay[]
  /** Oracles that failed in a run which was ended early, and did not in one that went to its end. */
  readonly passing: readonly string[]
  /**
   * Where a clean run parts from the one before it, though not in modules of its own: something at module level outlives a
   * run. Each finding is replayed in fresh modules all the same.
   */
  readonly leaves: string | undefined
}

const usualTimeMs = 60_000

/** Searches for outages that the client fails, makes each as small as can be, and writes them down. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  return new Search(options).run()
}

class Search {
  private readonly options: CampaignOptions
  private readonly catalogue: FullCatalogue
  private readonly base: Scenario | undefined
  private readonly attempt: Try
  private readonly seed: number
  private readonly startMs = nativeNow()
  private readonly done = new Set<string>()
  private readonly counterexamples: Counterexample[] = []
  private readonly corpus: Replay[] = []
  private readonly passing = new Set<string>()
  private readonly waiting: Tried[] = []
  private random = 0
  private runs = 0
  private attempts = 0
  private firstFailureMs: number | undefined
  private leaves: string | undefined

  constructor(options: CampaignOptions) {
    this.options = options
    this.catalogue = catalogueWith(options.runWith ?? {})
    this.base = options.base && selfContained(options.base, options.baseFile, this.catalogue)
    this.seed = options.seed ?? 1
    this.attempt = createTry(options)
    for (const oracle of options.known ?? []) this.done.add(oracle)
  }

  async run(): Promise<Campaign> {
    const { integration, runWith, signal, corpus, stages = [randomOutages] } = this.options
    const { onTry, onProgress } = this.options
    const look = () => explore({ integration, base: this.base, signal, onTry, onProgress, ...runWith })
    const explored = await look()
    if (explored.problem !== undefined) return this.campaign(explored)
    const diverged = await this.parting(explored)
    if (diverged !== undefined) return this.campaign(explored, diverged)
    await this.take(triedOf(explored.healthy.scenario, 'sweep', explored.healthy))
    if (corpus !== undefined) await this.replay(corpus)
    const context: StageContext = {
      frame: explored.frame,
      attempt: (scenario, origin, how) => this.attempt(scenario, origin, { only: this.unseen(), ...how }),
      base: this.base,
      seed: this.seed,
      shard: this.options.shard ?? { index: 1, of: 1 },
      catalogue: this.catalogue,
      relations: () => this.relations(explored.frame),
      isOver: () => this.isOver(),
    }
    for (const stage of stages)
      for await (const tried of stage(context)) {
        await this.take(tried)
        if (this.isOver()) break
      }
    return this.campaign(explored)
  }

  /** Where a clean run, done again, goes another way. Modules that a run has used before may be the cause. */
  private async parting({ healthy }: Explored): Promise<string | undefined> {
    const again = () => this.attempt(healthy.scenario, 'sweep', { whole: true, relations: [] })
    const one = await again()
    if (one.result.realIo || !divergence(healthy, one.result)) return undefined
    const { another } = this.options
    this.leaves = divergence(healthy, one.result)
    if (!another) return this.leaves
    const fresh = async () => {
      const attempt = createTry({ ...this.options, integration: await another() })
      return attempt(healthy.scenario, 'sweep', { whole: true, relations: [] })
    }
    const [first, second] = [await fresh(), await fresh()]
    return divergence(first.result, second.result)
  }

  private async replay(folder: string): Promise<void> {
    for await (const replay of replayCorpus(folder, this.options)) {
      this.corpus.push(replay)
      if (replay.status === 'as-expected' && replay.expected === 'fail') this.done.add(replay.oracle)
      this.options.onCorpus?.(replay)
    }
  }

  private async take(tried: Tried): Promise<void> {
    this.runs++
    if (tried.origin === 'random') this.random++
    this.attempts += tried.attempts
    this.options.onTried?.(tried)
    this.waiting.push(tried)
    for (let next = this.waiting.shift(); next; next = this.waiting.shift())
      for (const oracle of next.failed) {
        if (this.options.signal?.aborted || this.isEnough()) return
        if (!this.done.has(oracle)) await this.pin(next, oracle)
      }
  }

  private async pin(tried: Tried, oracle: string): Promise<void> {
    const { onShrinking, onFound, corpus } = this.options
    this.firstFailureMs ??= nativeNow() - this.startMs
    onShrinking?.(oracle, tried)
    this.done.add(oracle)
    const { attempt, catalogue, seed, runs } = this
    const found = await counterexampleOf(tried, oracle, { ...this.options, attempt, catalogue, seed, run: runs })
    if (!found) {
      // It may fail for good elsewhere.
      this.done.delete(oracle)
      this.passing.add(oracle)
      return
    }
    const { counterexample, others } = found
    // A search that is told to stop proves nothing of what it has in hand.
    if (this.options.signal?.aborted && !counterexample.confirmed) return
    this.passing.delete(oracle)
    const isProven = counterexample.confirmed && counterexample.diverged === undefined
    const file =
      corpus !== undefined && isProven ? writeFound(corpus, counterexample.fileName, counterexample.text) : undefined
    const written = { ...counterexample, ...(file !== undefined && { file }) }
    this.counterexamples.push(written)
    onFound?.(written)
    if (this.options.others !== false)
      this.waiting.push(...others.filter(({ failed }) => failed.some(id => !this.done.has(id))))
  }

  /** Oracles that have not failed yet, and may end a run as soon as they do: one that has would hide the others. */
  private unseen(): readonly string[] {
    const safety = [...this.catalogue.oracles.values()].filter(({ kind }) => kind === 'safety').map(({ id }) => id)
    const { only = [...safety, 'conduct'] } = this.options
    return only.filter(id => !this.done.has(id))
  }

  /** With a number of runs, what is tried must not depend on what was found, and by whom. */
  private relations({ app: { expect = [] } }: Frame): readonly string[] {
    const { runWith = {}, relations = [], runs, known = [] } = this.options
    const hasFailed = runs === undefined && this.counterexamples.length + known.length > 0
    const asked = [...relations, ...expect.map(({ oracle }) => oracle)]
    return failingRelations(expect, runWith.thresholds).filter(
      id => !this.done.has(id) && (!hasFailed || asked.includes(id)),
    )
  }

  private isEnough(): boolean {
    return this.counterexamples.length >= (this.options.findingsAtMost ?? Number.POSITIVE_INFINITY)
  }

  private isOver(): boolean {
    const { runs, timeMs, signal } = this.options
    if (signal?.aborted || this.isEnough()) return true
    if (runs !== undefined && this.random >= runs) return true
    const limitMs = timeMs ?? (runs === undefined ? usualTimeMs : Number.POSITIVE_INFINITY)
    return nativeNow() - this.startMs >= limitMs
  }

  private campaign(explored: Explored, diverged?: string): Campaign {
    return {
      explored,
      problem: explored.problem,
      diverged,
      runs: this.runs,
      attempts: this.attempts,
      ms: nativeNow() - this.startMs,
      firstFailureMs: this.firstFailureMs,
      counterexamples: this.counterexamples,
      corpus: this.corpus,
      passing: [...this.passing],
      leaves: this.leaves,
    }
  }
}

/** Outages by chance, without end: of a shard of n, every n-th. */
export async function* randomOutages({
  frame,
  attempt,
  base,
  seed,
  shard,
  catalogue,
  isOver,
}: StageContext): AsyncGenerator<Tried> {
  for (let i = shard.index - 1; !isOver(); i += shard.of) {
    const outage = drawOutage(frame, randomStream(seed, 'outage', i), { base, catalogue })
    yield await attempt(outage, 'random')
  }
}

/** A base without the files that stand beside it: what is found must stand alone. */
function selfContained(base: Scenario, file: string | undefined, catalogue: FullCatalogue): Scenario {
  const { answers } = base
  if (!answers || !('from' in answers)) return base
  return { ...base, answers: answersOf({ scenario: base, file, catalogue }) }
}
