import type { AttemptOutcome, JournalEvent } from '../journal/event.ts'
import type { Effect } from '../model/effect.ts'
import type { Recognised, RenderContext, Script } from '../providers/provider.ts'
import { spentOf } from './spent.ts'

/** One attempt between its arrival and its end. Engines perform `script` and report what the client saw of it. */
export interface Exchange {
  readonly id: string
  readonly script: Script
  /** Outcome when the script ran to its end. */
  readonly whole: AttemptOutcome
  /** While `script` and `whole` wait for an answer from elsewhere. */
  readonly ready?: Promise<void> | undefined
  /** What was decided, for engines that have a real provider behind them. */
  readonly about?: About | undefined
  headers(status: number, headers: Readonly<Record<string, string>>): void
  /** Only the first call counts. */
  ended(outcome: AttemptOutcome, bytes: number): void
}

/** What an attempt is about, where somebody else may have the answer. */
export interface About {
  readonly effect: Effect
  readonly request: Recognised
  readonly context: RenderContext
}

/** Keeps the journal of one attempt. */
export class OpenExchange implements Exchange {
  readonly id: string
  script: Script
  whole: AttemptOutcome
  ready: Promise<void> | undefined
  about: About | undefined
  private readonly io: {
    write(event: JournalEvent): void
    t(): number
    /** Ms since the epoch, by the clock that headers are written by. */
    now(): number
    /** How many times as long the run's waits are as those that headers name; 1 when absent. */
    readonly speed?: number
    onEnded(outcome: AttemptOutcome): void
  }
  private done = false

  constructor(id: string, script: Script, whole: AttemptOutcome, io: OpenExchange['io']) {
    this.id = id
    this.script = script
    this.whole = whole
    this.io = io
  }

  headers(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.done) return
    const { speed = 1 } = this.io
    const waitMs = retryAfterOf(headers, this.io.now())
    const retryAfterMs = waitMs === undefined ? undefined : Math.round(waitMs * speed)
    const shouldRetry = headers['x-should-retry']
    const left = spentOf(headers, this.io.now())
    const spent = left && { ...left, resetMs: Math.round(left.resetMs * speed) }
    this.io.write({
      type: 'attempt-headers',
      t: this.io.t(),
      attempt: this.id,
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(shouldRetry !== undefined && { shouldRetry: shouldRetry === 'true' }),
      ...(spent && { spent }),
    })
  }

  ended(outcome: AttemptOutcome, bytes: number): void {
    if (this.done) return
    this.done = true
    this.io.write({ type: 'attempt-ended', t: this.io.t(), attempt: this.id, outcome, bytes })
    this.io.onEnded(outcome)
  }
}

/** Valid and positive waits only, in ms: `retry-after-ms`, then `retry-after` as seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterOf(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (ms > 0) return Math.round(ms)
  const text = headers['retry-after']
  if (text === undefined) return undefined
  const seconds = Number(text)
  const wait = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * 1_000
  return wait > 0 ? Math.round(wait) : undefined
}

/** What a client has seen when the script ran to its end. */
export function outcomeOf(effect: Effect, script: Script): AttemptOutcome {
  if (script.type !== 'respond') return 'open'
  if (script.status >= 400) return 'error'
  if (script.good) return 'ok'
  const inner = effect.type === 'delay' ? effect.then : effect
  switch (inner.type) {
    case 'stream-error':
      return 'stream-error'
    case 'garble':
      return inner.how === 'no-stop' || inner.how === 'truncated-json' ? 'cut' : 'garbled'
    case 'empty':
      return 'empty'
    case 'wrong':
      return 'wrong'
    case 'cut':
      return 'cut'
    default:
      return 'error'
  }
}
