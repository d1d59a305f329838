import type { Clock } from '../../clock/clock.ts'
import { draw } from '../../lib/draw.ts'
import { formatDuration } from '../../lib/duration.ts'
import type { Arrival } from '../../model/arrival.ts'
import type { StopCondition } from '../../model/scenario.ts'
import { TroubleWatch } from './trouble-watch.ts'

/** What keeps a run with a real provider behind it small. */
export interface GuardLimits {
  /** The share of users, in [0, 1], whose traffic faults may be put on at all. */
  readonly blastRadius: number
  /** After so many ms there are no faults any more. */
  readonly ttlMs: number
  /** How many requests reach an upstream before faults end. */
  readonly maxRequests: number
  /** What becomes of the requests after those. */
  readonly beyondCap: 'forward' | 'refuse'
  /** How often the upstream itself may fail; those with the outcome `failed` count. */
  readonly stopWhen: readonly StopCondition[]
}

/** What holds where nothing else was said: a tenth of the users, a quarter of an hour, 500 requests. */
export const guardDefaults: GuardLimits = {
  blastRadius: 0.1,
  ttlMs: 900_000,
  maxRequests: 500,
  beyondCap: 'forward',
  stopWhen: [{ outcome: 'failed', above: 0.5, over: 60_000 }],
}

export interface GuardOptions extends Partial<GuardLimits> {
  readonly seed: number
  /** Real time: what it costs to go on does not depend on the speed of the scenario. */
  readonly clock: Clock
}

/** Why faults have ended before their time. All are stop conditions: exit code 4. */
export interface GuardEnding {
  readonly cause: 'ttl' | 'cap' | 'stop-when'
  readonly reason: string
}

/** Who asks, as far as that is known. */
export type Asker = Pick<Arrival, 'user' | 'session' | 'call'>

/** Begins with its making, and ends at most once; then no faults may be put on anything. */
export class Guard implements Disposable {
  private readonly limits: GuardLimits
  private readonly seed: number
  private readonly clock: Clock
  private readonly startedMs: number
  private readonly trouble: TroubleWatch
  private readonly listeners = new Set<(ending: GuardEnding) => void>()
  private readonly stopTimer: () => void
  private count = 0
  private over: GuardEnding | undefined

  constructor({ seed, clock, ...limits }: GuardOptions) {
    this.limits = { ...guardDefaults, ...limits }
    this.seed = seed
    this.clock = clock
    this.startedMs = clock.now()
    this.trouble = new TroubleWatch(this.limits.stopWhen)
    this.stopTimer = clock.after(this.limits.ttlMs, () => this.lookAtTime())
  }

  /** Requests that were let through so far. */
  get forwarded(): number {
    return this.count
  }

  get ending(): GuardEnding | undefined {
    this.lookAtTime()
    return this.over
  }

  /** Calls `listener` once, when the run must end; at once when it must already. */
  onEnd(listener: (ending: GuardEnding) => void): void {
    const { ending } = this
    if (ending) listener(ending)
    else this.listeners.add(listener)
  }

  /**
   * Whether faults may be put on what this asker sends. Drawn once for each user (else session, else call), so that all
   * that belongs together is in or out together, and one user more does not move the others.
   */
  mayInject({ user, session, call }: Asker): boolean {
    if (this.ending) return false
    const { blastRadius } = this.limits
    if (user >= 0) return draw(this.seed, 'blast-radius', 'user', user) < blastRadius
    if (session !== undefined) return draw(this.seed, 'blast-radius', 'session', session) < blastRadius
    return draw(this.seed, 'blast-radius', 'call', call ?? '') < blastRadius
  }

  /** Asked once for each request that would go to an upstream, and counts it when it may. */
  admit(): 'forward' | 'refuse' {
    const { maxRequests, beyondCap } = this.limits
    if (this.count >= maxRequests && beyondCap === 'refuse') return 'refuse'
    this.count++
    if (this.count >= maxRequests)
      this.end({ cause: 'cap', reason: `${maxRequests} requests were forwarded, as many as this run may.` })
    return 'forward'
  }

  /** Told how the upstream did with a forwarded request, whatever was done to its answer. */
  settled(upstreamFailed: boolean): void {
    const reason = this.trouble.ended(upstreamFailed, this.clock.now())
    if (reason !== undefined) this.end({ cause: 'stop-when', reason })
  }

  [Symbol.dispose](): void {
    this.stopTimer()
    this.listeners.clear()
  }

  /** The timer is for runs without traffic; with traffic no request must slip in before it fires. */
  private lookAtTime(): void {
    const { ttlMs } = this.limits
    if (this.clock.now() - this.startedMs < ttlMs) return
    this.end({ cause: 'ttl', reason: `The run has lasted ${formatDuration(ttlMs)}, its time to live.` })
  }

  private end(ending: GuardEnding): void {
    if (this.over) return
    this.over = ending
    this.stopTimer()
    for (const listener of this.listeners) listener(ending)
    this.listeners.clear()
  }
}
