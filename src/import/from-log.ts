import { formatDuration } from '../lib/duration.ts'
import { invariant } from '../lib/invariant.ts'
import type { Phase, Scenario } from '../model/scenario.ts'
import type { Log } from './log.ts'
import type { Pace, SurfaceOptions } from './log-faults.ts'
import { measure } from './measure.ts'
import { type Piece, piecesOf, usualPace } from './pieces.ts'
import type { ImportProblem } from './problem.ts'
import { count, plural, slug, utc, utcDay } from './words.ts'

export interface FromLogOptions extends SurfaceOptions {
  /** Name of the file, without its folder. */
  readonly file: string
  readonly provider: string
  readonly id?: string
}

/** Healthy time that is kept before the first fault and, at least, after the last. */
const keptHealthyMs = 10 * 60_000
const longestPhaseMs = 30 * 86_400_000

/** A scenario that fails as the log did: phases where its outcomes or its pace change, shares and delays as measured. */
export function scenarioFromLog(log: Log, options: FromLogOptions): Scenario | readonly ImportProblem[] {
  const startMs = log.times[0] ?? 0
  const endMs = log.times.at(-1) ?? 0
  if (endMs - startMs > longestPhaseMs)
    return [
      { message: `The log spans ${formatDuration(endMs - startMs)}.`, hint: 'Cut it to the outage: 30 days at most.' },
    ]
  const all = { from: 0, to: log.times.length }
  const whole = measure(log, all)
  if (whole.rows > 0 && whole.errors === 0 && whole.latencies.length === 0)
    return [{ message: 'Every row is ok and none has a latency: there is no outage in it.' }]
  const pieces = trimmed(log, piecesOf(log, options))
  if (pieces.every(piece => piece.faults.length === 0))
    return [
      {
        message: `There is no outage in these ${plural(whole.rows, 'row')}: ${plural(whole.errors, 'error')}, and none of the answers much slower than the others.`,
        hint: 'Give it the hours around the outage.',
      },
    ]
  const isDated = log.timeKind !== 'relative'
  const day = isDated ? utcDay(startMs) : undefined
  const says = (ms: number) => (isDated ? utc(ms) : `${formatDuration(ms)} after the beginning`)
  return {
    blackstart: 1,
    id: options.id ?? (slug(['imported', options.file.replace(/\.\w+$/, ''), day ?? ''].join(' '), 60) || 'imported'),
    title: `${day === undefined ? 'An outage' : `The outage of ${day}`}, as measured in ${options.file}`,
    provider: options.provider,
    tags: ['imported'],
    basis: {
      sources: [options.file],
      facts: [
        `${plural(whole.rows, 'row')} from ${says(startMs)} to ${says(endMs)} (measured)`,
        outcomesText(log, whole.counts),
        ...paceFact(paceOf(log, pieces)),
        ...pieces.map(piece => `${says(piece.startMs)} ${pieceText(log, piece)}`),
      ],
      assumed: assumptions(log, whole.counts, pieces, options.surface),
    },
    phases: phasesOf(pieces),
    expect: [{ oracle: 'settles', params: { within: 60_000 } }],
  }
}

function paceOf(log: Log, pieces: readonly Piece[]): Pace | undefined {
  return usualPace(
    log,
    pieces.filter(piece => piece.faults.length === 0),
  )
}

function paceFact(pace: Pace | undefined): readonly string[] {
  if (!pace) return []
  return [
    `when well, half of the answers came within ${count(Math.round(pace.median))} ms and 99% within ${count(Math.round(pace.p99))} ms (measured)`,
  ]
}

/** Hours of health before and after the outage say nothing about it. */
function trimmed(log: Log, pieces: readonly Piece[]): readonly Piece[] {
  const isFailing = (piece: Piece) => piece.faults.length > 0
  const first = pieces.findIndex(isFailing)
  const last = pieces.findLastIndex(isFailing)
  if (first === -1) return pieces
  const before = pieces[first - 1]
  const after = pieces[last + 1]
  return [
    ...(before && !before.isGap ? [lastOf(log, before, keptHealthyMs)] : []),
    ...pieces.slice(first, last + 1),
    ...(after && !after.isGap ? [after] : []),
  ]
}

function lastOf(log: Log, piece: Piece, lengthMs: number): Piece {
  const startMs = Math.max(piece.startMs, piece.endMs - lengthMs)
  const skipped = log.times.subarray(piece.from, piece.to).findIndex(time => time >= startMs)
  return { ...piece, startMs, from: piece.from + Math.max(0, skipped) }
}

function phasesOf(pieces: readonly Piece[]): readonly Phase[] {
  const used = new Map<string, number>()
  const named = (name: string) => {
    const n = (used.get(name) ?? 0) + 1
    used.set(name, n)
    return n === 1 ? name : `${name}-${n}`
  }
  const last = pieces.length - 1
  const phases = pieces.map((piece, i): Phase => {
    const isTail = i === last && piece.faults.length === 0
    const lengthMs = Math.round(piece.endMs - piece.startMs)
    return {
      name: isTail ? 'clear' : named(nameOf(piece)),
      for: isTail ? Math.min(Math.max(lengthMs, keptHealthyMs), 6 * keptHealthyMs) : lengthMs,
      ...(piece.isGap && { note: 'No rows: nothing is known of this stretch.' }),
      ...(piece.faults.length > 0 && { faults: piece.faults }),
    }
  })
  return phases.at(-1)?.name === 'clear' ? phases : [...phases, { name: 'clear', for: keptHealthyMs }]
}

function nameOf({ faults, isGap }: Piece): string {
  if (isGap) return 'gap'
  const failing = faults.filter(({ fault }) => fault?.id !== 'brownout' && fault?.id !== 'slow-first-byte')
  if (failing.length === 0) return faults.length > 0 ? 'slow' : 'healthy'
  const worst = Math.max(...failing.map(({ share }) => (typeof share === 'number' ? share : 1)))
  if (worst >= 0.9) return 'outage'
  return worst >= 0.3 ? 'partial' : 'degraded'
}

function outcomesText(log: Log, counts: readonly number[]): string {
  const parts = counts
    .map((n, kind) => ({ n, name: log.meanings[kind]?.name ?? '' }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
  return `outcomes - ${parts.map(({ n, name }) => `${count(n)} × ${name}`).join(', ')} (measured)`
}

function pieceText(log: Log, piece: Piece): string {
  const length = formatDuration(Math.round(piece.endMs - piece.startMs))
  if (piece.isGap) return `for ${length}, no rows`
  const { rows, errors } = measure(log, piece)
  const perMinute = (rows / Math.max(1, piece.endMs - piece.startMs)) * 60_000
  return `for ${length}, ${plural(rows, 'row')} (${count(perMinute)} a minute), ${plural(errors, 'error')} (measured)`
}

function assumptions(
  log: Log,
  counts: readonly number[],
  pieces: readonly Piece[],
  surface: string,
): readonly string[] {
  const ofKinds = counts.flatMap((n, kind) => (n > 0 ? [log.meanings[kind]?.assumed ?? ''] : [])).filter(Boolean)
  const [first] = pieces
  invariant(first, 'a log that has an outage has a piece')
  return [
    'shares, delays and boundaries rounded to what the rows can tell',
    ...(log.dimensions.some(({ name }) => name === 'surface') ? [] : [`that all requests went to ${surface}`]),
    'that each request failed by chance, whoever sent it',
    ...new Set(ofKinds),
    ...(pieces.at(-1)?.faults.length ? ['the healthy time after the log ends, which it does in the outage'] : []),
    ...(pieces.some(({ isGap }) => isGap) ? ['that nothing failed where there are no rows'] : []),
  ]
}
