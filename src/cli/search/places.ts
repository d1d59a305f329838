import type { Shard } from '../../search/shard.ts'
import type { FoundFailure } from '../../search/summary.ts'
import type { Origin, Tried } from '../../search/types.ts'
import type { Done, Part, Trying } from './order.ts'

type Place = FoundFailure['place']

/** Where in the whole search each outage of a part stands, whoever runs it. */
export class Places {
  private readonly shard: Shard
  private swept: number
  private random: number
  /** A healthy run and the sweep's clean one come before its outages. */
  private before = 2
  private readonly byRun = new WeakMap<Tried, Place>()
  private readonly byOracle = new Map<string, Place>()
  private last: Place = [0, 0]

  constructor({ shard, done }: Pick<Part, 'shard' | 'done'>) {
    this.shard = shard
    this.swept = done.sweep
    this.random = done.random
  }

  /** Of an outage that is about to be tried. */
  next(origin: Origin): Pick<Trying, 'place' | 'after'> {
    const { done } = this
    if (origin === 'random') return { place: this.randomAt(done.random), after: { ...done, random: done.random + 1 } }
    if (origin === 'shrink' || this.before > 0) return { place: this.last, after: done }
    return { place: this.sweptAt(done.sweep), after: { ...done, sweep: done.sweep + 1 } }
  }

  take(tried: Tried): void {
    if (tried.origin === 'random') this.last = this.randomAt(this.random++)
    else if (this.before > 0) this.last = [1, -this.before--]
    else this.last = this.sweptAt(this.swept++)
    this.byRun.set(tried, this.last)
  }

  shrinking(oracle: string, tried: Tried): void {
    this.byOracle.set(oracle, this.byRun.get(tried) ?? this.last)
  }

  of(oracle: string): Place {
    return this.byOracle.get(oracle) ?? this.last
  }

  get done(): Done {
    return { sweep: this.swept, random: this.random }
  }

  private sweptAt(number: number): Place {
    return [1, number * this.shard.of + this.shard.index - 1]
  }

  private randomAt(number: number): Place {
    return [2, number * this.shard.of + this.shard.index - 1]
  }
}
