import type { Shard } from '../../search/shard.ts'
import type { FoundFailure } from '../../search/summary.ts'
import type { Origin, Tried } from '../../search/types.ts'
import type { Done, Part, Trying } from './order.ts'

type Place = FoundFailure['place']

/** The stages of a search, in their order. */
const stages = { sweep: 1, relations: 2, random: 3 } as const

/** Where in the whole search each outage of a part stands, whoever runs it. */
export class Places {
  private readonly shard: Shard
  private so: Done
  /** A healthy run and the sweep's clean one come before its outages. */
  private before = 2
  private readonly byRun = new WeakMap<Tried, Place>()
  private readonly byOracle = new Map<string, Place>()
  private last: Place = [0, 0]

  constructor({ shard, done }: Pick<Part, 'shard' | 'done'>) {
    this.shard = shard
    this.so = done
  }

  /** Of an outage that is about to be tried. */
  next(origin: Origin): Pick<Trying, 'place' | 'after'> {
    const stage = this.stageOf(origin)
    return stage === undefined ? { place: this.last, after: this.so } : this.at(stage)
  }

  take(tried: Tried): void {
    const stage = this.stageOf(tried.origin)
    if (stage === undefined) this.last = [stages.sweep, -this.before--]
    else {
      const { place, after } = this.at(stage)
      this.last = place
      this.so = after
    }
    this.byRun.set(tried, this.last)
  }

  shrinking(oracle: string, tried: Tried): void {
    this.byOracle.set(oracle, this.byRun.get(tried) ?? this.last)
  }

  of(oracle: string): Place {
    return this.byOracle.get(oracle) ?? this.last
  }

  get done(): Done {
    return this.so
  }

  /** The stage that an outage is counted in; none for what comes before all of them, and for what makes one smaller. */
  private stageOf(origin: Origin): keyof Done | undefined {
    if (origin === 'random' || origin === 'relations') return origin
    return origin === 'shrink' || this.before > 0 ? undefined : 'sweep'
  }

  private at(stage: keyof Done): Pick<Trying, 'place' | 'after'> {
    const number = this.so[stage]
    return {
      place: [stages[stage], number * this.shard.of + this.shard.index - 1],
      after: { ...this.so, [stage]: number + 1 },
    }
  }
}
