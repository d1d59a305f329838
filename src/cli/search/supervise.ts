import { existsSync } from 'node:fs'
import { nativeNow } from '../../clock/native.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { version } from '../../run/version.ts'
import { addSweeps } from '../../search/merge.ts'
import { split } from '../../search/shard.ts'
import { type CorpusFile, type SearchSummary, summaryOf } from '../../search/summary.ts'
import type { SweepReport } from '../../search/sweep.ts'
import { Tally } from '../../search/tally.ts'
import { blockedMs } from '../blocked-ms.ts'
import type { Refusal } from '../run/messages.ts'
import { Found } from './found.ts'
import { type LaneHost, type Loss, oneProcess, runLane } from './lane.ts'
import type { Done, Part, SearchMessage, SearchOrder, SearchRequest } from './order.ts'
import { SearchProgress } from './progress.ts'

/** What came of a search. */
export interface Searched {
  readonly summary: SearchSummary
  readonly refusal: Refusal | undefined
  readonly crash: Crash | undefined
}

interface Crash {
  readonly message: string
  /** What the process printed last, and the stack where there is one. */
  readonly printed: string
  readonly isTold: boolean
}

/** Searches with several processes at once, each on a part of its own, and hears them out. */
export async function superviseSearch(request: SearchRequest, config: LoadedConfig): Promise<Searched> {
  return new Search(request, config).run()
}

class Search implements LaneHost {
  readonly blockedMs = blockedMs()
  private readonly request: SearchRequest
  private readonly startMs = nativeNow()
  private readonly tally = new Tally()
  private readonly found: Found
  private readonly corpus: CorpusFile[] = []
  private readonly sweeps = new Map<string, SweepReport>()
  private readonly passing = new Set<string>()
  private readonly problems = new Set<string>()
  private readonly notices = new Set<string>()
  private readonly progress: SearchProgress
  private client: string
  private base: string | undefined
  private unwell: string | undefined
  private diverged: string | undefined
  private refusal: Refusal | undefined
  private crashed: Crash | undefined
  private interrupted: 130 | 143 | undefined

  constructor(request: SearchRequest, config: LoadedConfig) {
    this.request = request
    this.client = request.client ?? ''
    this.base = request.base?.spec
    this.found = new Found(request, config)
    this.progress = new SearchProgress(process.stderr, () => this.going())
  }

  async run(): Promise<Searched> {
    const onSignal = (signal: NodeJS.Signals) => {
      this.interrupted ??= signal === 'SIGTERM' ? 143 : 130
    }
    const { request } = this
    // Every worker that is watched listens for them, too.
    process.setMaxListeners(Math.max(process.getMaxListeners(), request.workers * 2 + 10))
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    try {
      if (existsSync(request.corpus)) await oneProcess(this, { do: 'corpus', request })
      const parts = split(request.shard, request.workers)
      await Promise.all(parts.map(part => runLane(this.hostOf(part), part)))
    } finally {
      this.progress[Symbol.dispose]()
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    }
    return { summary: this.summary(), refusal: this.refusal, crash: this.crashed }
  }

  /** The search, as one lane sees it: what it says of its sweep is kept apart. */
  private hostOf(shard: Part['shard']): LaneHost {
    const take = (message: SearchMessage) => {
      if (message.type === 'sweep') this.sweeps.set(`${shard.index}/${shard.of}`, message.report)
      else this.take(message)
    }
    return {
      blockedMs: this.blockedMs,
      isOver: () => this.isOver(),
      order: (part, done) => this.order(part, done),
      take,
      lost: loss => this.lost(loss),
      problem: says => this.problem(says),
      crash: (...crash) => this.crash(...crash),
    }
  }

  isOver(): boolean {
    if (this.interrupted || this.refusal || this.crashed || this.unwell !== undefined) return true
    const left = this.timeLeftMs()
    return left !== undefined && left <= 0
  }

  order(shard: Part['shard'], done: Done): SearchOrder {
    const known = [
      ...this.corpus.flatMap(({ status, expected, oracle }) =>
        status === 'as-expected' && expected === 'fail' ? [oracle] : [],
      ),
      // With a number of runs the result must not depend on who was there first.
      ...(this.request.runs === undefined ? this.found.all.map(({ oracle }) => oracle) : []),
    ]
    return { do: 'search', request: this.request, part: { shard, timeMs: this.timeLeftMs(), done, known } }
  }

  take(message: SearchMessage): void {
    switch (message.type) {
      case 'loaded':
        this.client = message.client
        break
      case 'tally':
        this.tally.merge(message.data)
        break
      case 'shrinking':
        this.found.see(message.oracle)
        break
      case 'found': {
        const news = this.found.take(message.failure)
        if (news !== undefined) this.progress.say(`blackstart: ${news}`)
        break
      }
      case 'corpus':
        this.corpus.push(message.file)
        break
      case 'ended':
        this.unwell ??= message.unwell
        this.diverged ??= message.diverged
        if (message.leaves !== undefined)
          this.notices.add(
            `Something at module level of the client outlives a run (each finding is replayed in fresh modules): ${message.leaves}.`,
          )
        for (const oracle of message.passing) this.passing.add(oracle)
        break
      case 'refused':
        this.refusal ??= message
        break
      case 'crashed':
        this.crash(message.message, message.stack ?? '', false)
        break
      default:
        break
    }
  }

  lost(loss: Loss): void {
    const news = this.found.lost(loss, this.client)
    if (news !== undefined) this.progress.say(`blackstart: ${news}`)
    else if (!loss.trying) this.unwell ??= loss.why.finding.message
  }

  problem(says: string): void {
    this.problems.add(says)
  }

  crash(message: string, printed: string, isTold: boolean): void {
    this.crashed ??= { message, printed, isTold }
  }

  private timeLeftMs(): number | undefined {
    const { timeMs } = this.request
    return timeMs === undefined ? undefined : Math.max(0, Math.round(timeMs - (nativeNow() - this.startMs)))
  }

  private going() {
    const { timeMs, runs } = this.request
    const elapsedMs = nativeNow() - this.startMs
    return { tally: this.tally.data, elapsedMs, timeMs, runs, found: this.found.going }
  }

  private summary(): SearchSummary {
    const { seed, shard } = this.request
    const known = new Set([...this.found.all, ...this.corpus].map(({ oracle }) => oracle))
    return summaryOf({
      ...{ blackstart: version, client: this.client, base: this.base ?? null },
      parts: [{ seed, shard: `${shard.index}/${shard.of}` }],
      ms: Math.round(nativeNow() - this.startMs),
      tally: this.tally.data,
      sweep: [...this.sweeps.values()].reduce<SweepReport | null>(addSweeps, null),
      found: this.found.all,
      corpus: this.corpus,
      passing: [...this.passing].filter(oracle => !known.has(oracle)).toSorted(),
      problems: [...this.problems],
      notices: [...this.notices],
      ...{ interrupted: this.interrupted, unwell: this.unwell, diverged: this.diverged },
    })
  }
}
