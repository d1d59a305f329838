import { type Clock, sleepOn } from '../clock/clock.ts'
import type { Decision } from '../model/decide.ts'

/** When what the network brings arrives. */
export interface Inbound extends Clock {
  /** Whether it has stood still at some time since `ms`. */
  stoodStillSince?(ms: number): boolean
}

/**
 * The app's own network, which may be gone for a while. Meanwhile no request leaves, and what is on its way stands still
 * until the network is back, as TCP has it.
 */
export class Network {
  readonly inbound: Inbound
  private readonly clock: Clock
  private backMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.clock = clock
    this.inbound = {
      now: () => clock.now(),
      sleep: (ms, signal) => sleepOn(this.inbound, ms, signal),
      after: (ms, callback) => this.after(ms, callback),
      stoodStillSince: ms => this.wasDownSince(ms),
    }
  }

  get isDown(): boolean {
    return this.clock.now() < this.backMs
  }

  /** Whether it was gone at some time since `ms`, on the run's clock. */
  wasDownSince(ms: number): boolean {
    return this.backMs > ms
  }

  /** Nothing comes or goes for `ms` from now on. */
  cut(ms: number): void {
    this.backMs = Math.max(this.backMs, this.clock.now() + ms)
  }

  private after(ms: number, callback: () => void): () => void {
    const arrive = () => {
      if (this.isDown) cancel = this.clock.after(this.backMs - this.clock.now(), arrive)
      else callback()
    }
    let cancel = this.clock.after(ms, arrive)
    return () => cancel()
  }
}

/** What befalls a request without a network: names do not resolve. */
export const offline: Decision = Object.freeze<Decision>({
  effect: { type: 'dns' },
  fault: undefined,
  entry: undefined,
  limited: false,
  rateLimits: [],
})
