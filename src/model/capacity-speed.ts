import { levelAt, type Span } from './level.ts'
import type { Level } from './scenario.ts'

/**
 * How fast a provider works as time goes by, 1 being nominal: linear within each piece, constant before the first and
 * after the last. Work is counted in ms at nominal speed.
 */
export interface Speed {
  readonly before: number
  readonly pieces: readonly Piece[]
  readonly after: number
}

interface Piece extends Span {
  readonly from: number
  readonly to: number
  /** Done from the first piece's start to this one's. */
  readonly work: number
}

/** A stretch with a speed of its own; `over` is what a ramp runs over. */
export interface SpeedStretch extends Span {
  readonly level: Level
  readonly over: Span
  /** What the level is multiplied by. */
  readonly factor: number
}

/** Full speed again only after a while: from nothing at `startMs`, linearly. */
export interface WarmUp {
  readonly startMs: number
  readonly forMs: number
}

// A ramp while warming up is a parabola: so many straight pieces stand for it.
const piecesOfParabola = 16

/** Lays stretches out; they must not overlap, are in order of time, and the first and last may be without end. */
export function layOutSpeed(stretches: readonly SpeedStretch[], warmUps: readonly WarmUp[]): Speed {
  const bends = [...stretches.flatMap(s => [s.startMs, s.endMs]), ...stretches.flatMap(bendsOfRamp)]
  const warms = warmUps.flatMap(({ startMs, forMs }) => [startMs, startMs + forMs])
  const times = [...new Set([...bends, ...warms])].filter(Number.isFinite).sort((a, b) => a - b)
  const pieces: Piece[] = []
  let work = 0
  const add = (span: Span, from: number, to: number) => {
    pieces.push({ ...span, from, to, work })
    work += ((from + to) / 2) * (span.endMs - span.startMs)
  }
  for (let i = 1; i < times.length; i++) {
    const span = { startMs: times[i - 1] ?? 0, endMs: times[i] ?? 0 }
    const stretch = stretchAt(stretches, span.startMs)
    const warmUp = warmUpIn(warmUps, span)
    const at = (t: number) => levelOf(stretch, t) * warmth(warmUp, t)
    const isParabola = warmUp !== undefined && levelOf(stretch, span.startMs) !== levelOf(stretch, span.endMs)
    for (const part of split(span, isParabola ? piecesOfParabola : 1)) add(part, at(part.startMs), at(part.endMs))
  }
  const first = times[0] ?? 0
  const last = times.at(-1) ?? 0
  return {
    before: levelOf(stretchAt(stretches, first - 1), first - 1),
    pieces,
    after: levelOf(stretchAt(stretches, last), last),
  }
}

/** Work done from the first piece's start (or from 0) to `t`; negative before it. */
export function workBy({ before, pieces, after }: Speed, t: number): number {
  const first = pieces[0]
  const last = pieces.at(-1)
  if (!first || !last) return t * after
  if (t <= first.startMs) return (t - first.startMs) * before
  if (t >= last.endMs) return endOf(last) + (t - last.endMs) * after
  const piece = pieces[lastIndex(pieces, p => p.startMs <= t)] ?? first
  const slope = (piece.to - piece.from) / (piece.endMs - piece.startMs)
  const elapsed = t - piece.startMs
  return piece.work + piece.from * elapsed + (slope * elapsed * elapsed) / 2
}

/** The first instant by which `work` is done; `Infinity` when it never is. */
export function timeOf({ before, pieces, after }: Speed, work: number): number {
  const first = pieces[0]
  const last = pieces.at(-1)
  if (!first || !last) return after > 0 ? work / after : Number.POSITIVE_INFINITY
  if (work <= 0) return work === 0 || before === 0 ? first.startMs : first.startMs + work / before
  if (work > endOf(last)) return after > 0 ? last.endMs + (work - endOf(last)) / after : Number.POSITIVE_INFINITY
  const piece = pieces[lastIndex(pieces, p => p.work < work)] ?? first
  const missing = work - piece.work
  const slope = (piece.to - piece.from) / (piece.endMs - piece.startMs)
  const root = Math.sqrt(Math.max(0, piece.from * piece.from + 2 * slope * missing))
  return Math.min(piece.endMs, piece.startMs + (2 * missing) / (piece.from + root))
}

/** When `work` begun at `t` is done. */
export function doneBy(speed: Speed, t: number, work: number): number {
  if (speed.pieces.length === 0 && speed.after === 1) return t + work
  return work <= 0 ? t : Math.max(t, timeOf(speed, workBy(speed, t) + work))
}

function split({ startMs, endMs }: Span, parts: number): readonly Span[] {
  const at = (i: number) => (i === parts ? endMs : startMs + ((endMs - startMs) * i) / parts)
  return Array.from({ length: parts }, (_, i) => ({ startMs: at(i), endMs: at(i + 1) }))
}

const endOf = ({ work, from, to, startMs, endMs }: Piece) => work + ((from + to) / 2) * (endMs - startMs)

/** Index of the last piece that `holds`, which all before it do too. */
function lastIndex(pieces: readonly Piece[], holds: (piece: Piece) => boolean): number {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const piece = pieces[middle]
    if (piece && holds(piece)) low = middle
    else high = middle - 1
  }
  return low
}

function bendsOfRamp({ level, over, startMs, endMs }: SpeedStretch): readonly number[] {
  if (typeof level === 'number') return []
  return [over.startMs, over.endMs].filter(t => t > startMs && t < endMs)
}

const stretchAt = (stretches: readonly SpeedStretch[], t: number) =>
  stretches.find(({ startMs, endMs }) => t >= startMs && t < endMs) ?? stretches.at(-1)

const levelOf = (stretch: SpeedStretch | undefined, t: number) =>
  stretch ? levelAt(stretch.level, stretch.over, t) * stretch.factor : 1

/** The warm-up under way in `span`, which no warm-up's end cuts in two: the one begun last. */
const warmUpIn = (warmUps: readonly WarmUp[], span: Span) =>
  warmUps.findLast(({ startMs, forMs }) => startMs <= span.startMs && startMs + forMs >= span.endMs)

const warmth = (warmUp: WarmUp | undefined, t: number) => (warmUp ? (t - warmUp.startMs) / warmUp.forMs : 1)
