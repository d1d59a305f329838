import { draw, drawExponential } from '../lib/draw.ts'
import type { Level } from '../model/scenario.ts'
import { levelAt, minuteMs } from '../model/timeline.ts'
import type { Traffic } from './traffic.ts'
import type { User } from './workload.ts'

export interface ArrivalsOptions {
  /** Of the whole app, per minute; a ramp goes over the phases, and stays at its ends before and after them. */
  readonly rate: Level
  /** Length of the phases, ms. */
  readonly lengthMs: number
  /** Length of the warm-up: the first task falls into its first quarter, so that it has something to show. */
  readonly warmUpMs: number
  readonly seed: number
  readonly users: readonly User[]
  readonly traffic: Traffic
  /** Ms since t = 0. */
  t(): number
}

/** A ramp is followed in steps of this. */
const stepMs = 1_000

/** Open arrivals: a Poisson stream of tasks that does not care who is still waiting. */
export class Arrivals {
  private readonly options: ArrivalsOptions
  private readonly users: readonly User[]

  constructor(options: ArrivalsOptions) {
    this.options = options
    // A user more comes last in the list, of however many instances.
    this.users = options.users.toSorted((a, b) => a.number - b.number || a.instance - b.instance)
  }

  /** Waits for the `k`th arrival, from 1; for `endMs` at most. */
  async wait(k: number, endMs: number): Promise<void> {
    const { seed, traffic, warmUpMs, t } = this.options
    if (k === 1) return traffic.sleep(draw(seed, 'arrival', k) * (warmUpMs / 4), endMs - t())
    // In units of one mean gap, whatever that is by the time.
    let left = drawExponential(1, draw(seed, 'arrival', k))
    while (left > 0 && t() < endMs) {
      const perMs = this.rateAt(t()) / minuteMs
      const dueMs = perMs > 0 ? left / perMs : Number.POSITIVE_INFINITY
      const ms = this.isSteady ? dueMs : Math.min(dueMs, stepMs)
      await traffic.sleep(ms, endMs - t())
      if (ms === dueMs) return
      left -= perMs * ms
    }
  }

  /** Whose arrival the `k`th is. Jump consistent hashing: a user more takes some arrivals over and moves no others. */
  userOf(k: number): User | undefined {
    const { seed } = this.options
    let place = 0
    let next = 0
    for (let i = 0; next < this.users.length; i++) {
      place = next
      next = Math.floor((place + 1) / (1 - draw(seed, 'arriving', k, i)))
    }
    return this.users[place]
  }

  private get isSteady(): boolean {
    return typeof this.options.rate === 'number'
  }

  private rateAt(t: number): number {
    return levelAt(this.options.rate, { startMs: 0, endMs: this.options.lengthMs }, t)
  }
}
