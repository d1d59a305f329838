import type { Frame } from '../arbitraries/frame.ts'
import { pairsOf } from './pairs.ts'
import { type Position, positionsIn } from './positions.ts'
import { seenIn } from './seen.ts'
import { isOwn, type Shard, whole } from './shard.ts'
import { crowdsOf, stretchesOf } from './stretches.ts'
import { type Strike, strikeAt } from './strike.ts'
import { effectAt, fits, sweepFaults } from './sweep-faults.ts'
import { stretchMs, sweepScenario } from './sweep-scenario.ts'
import type { Tried, Try } from './types.ts'

export interface SweepOptions {
  readonly frame: Frame
  /** Runs one outage. */
  readonly attempt: Try
  /** Of the outages of a sweep every n-th is a shard's; all when absent. */
  readonly shard?: Shard | undefined
  /** Orders the pairs; 1 when absent. */
  readonly seed?: number | undefined
  /** Faults that last, all shards together, the likeliest first; all when absent. */
  readonly stretchesAtMost?: number | undefined
  /** Pairs in all, all shards together; 200 when absent. */
  readonly pairsAtMost?: number | undefined
  /** So many of the shard's own are done already; none when absent. */
  readonly from?: number | undefined
  /** Whether to leave it at that. */
  isOver?(): boolean
  /** Told when it is known what there is to do, and again after each run of it. */
  onProgress?(report: SweepReport): void
}

/** What a sweep went through. */
export interface SweepReport {
  /** Requests of the clean run. */
  readonly requests: number
  /** Kinds of requests among them. */
  readonly kinds: number
  /** Each request with each fault that can strike it. */
  readonly planned: number
  /** Of those, left out before they ran: the request is like another, or another fault does the same to it. */
  readonly alike: number
  /** What was left to run, faults that last and pairs included, and is this shard's. */
  readonly own: number
  readonly ran: number
  /** Why nothing was swept, in words: the clean run was not well. */
  readonly problem?: string
}

const pairsAtMostUsually = 200

/**
 * The systematic part of a search: one short clean run, then the same run again with one fault at one request, for each
 * kind of request and each fault that can strike it; then with one fault at all requests; then with two faults near each
 * other. What fails here is small already.
 */
export async function* sweep(options: SweepOptions): AsyncGenerator<Tried> {
  const { frame, attempt, shard = whole, seed = 1, from = 0 } = options
  const { stretchesAtMost = Number.POSITIVE_INFINITY, pairsAtMost = pairsAtMostUsually } = options
  const clean = await attempt(sweepScenario(frame), 'sweep', { whole: true })
  const { exitCode, reason } = clean.result
  const none: SweepReport = { requests: 0, kinds: 0, planned: 0, alike: 0, own: 0, ran: 0 }
  // That nothing landed in it is as it should be.
  if (exitCode !== 0 && exitCode !== 1 && exitCode !== 6) return options.onProgress?.({ ...none, problem: reason })
  yield clean

  const positions = positionsIn(seenIn(clean.result), stretchMs)
  const singles = positions.flatMap(position => singlesAt(frame, position)).toSorted((a, b) => a.rank - b.rank)
  const strikes: readonly Strike[] = [
    ...singles,
    ...[...crowdsOf(frame), ...stretchesOf(positions, frame)].slice(0, stretchesAtMost),
    ...pairsOf(positions, { frame, seed, atMost: pairsAtMost }),
  ]
  const own = strikes.filter((_, number) => isOwn(shard, number))
  const planned = positions.reduce((sum, position) => sum + position.alike * fittingAt(position).length, 0)
  const report = {
    ...{ requests: positions.reduce((sum, { alike }) => sum + alike, 0), kinds: positions.length },
    ...{ planned, alike: planned - singles.length, own: own.length },
  }
  let ran = Math.min(from, own.length)
  options.onProgress?.({ ...report, ran })
  for (const strike of own.slice(from)) {
    if (options.isOver?.()) break
    const tried = await attempt(sweepScenario(frame, strike), strike.origin)
    options.onProgress?.({ ...report, ran: ++ran })
    yield tried
  }
}

const fittingAt = (position: Position) => sweepFaults.filter(fault => fits(fault, position))

/** `rank`: the likeliest fault comes first, at all requests, so that a sweep cut short has tried what matters. */
function singlesAt(frame: Frame, position: Position): readonly (Strike & { readonly rank: number })[] {
  const known = new Set<string>()
  return fittingAt(position).flatMap(fault => {
    const effect = effectAt(fault, position)
    if (known.has(effect)) return []
    known.add(effect)
    return [{ origin: 'sweep', rank: sweepFaults.indexOf(fault), entries: [strikeAt(frame, position, fault)] }]
  })
}
