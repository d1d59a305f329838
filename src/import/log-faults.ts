import type { FaultEntry, FaultRef, When } from '../model/scenario.ts'
import type { Stretch } from './change-points.ts'
import type { Dimension, Log } from './log.ts'
import { gainBy, type Measure, measure, medianLatencyOf, quantile } from './measure.ts'
import { roundMs, roundShare, roundWeights } from './rounding.ts'

/** How answers come when nothing is wrong, ms. */
export interface Pace {
  readonly median: number
  readonly p99: number
}

export interface FaultOptions extends SurfaceOptions {
  readonly pace: Pace | undefined
}

export interface SurfaceOptions {
  /** The surface of requests without a column that says. */
  readonly surface: string
  /** The surface of a path or a name; `undefined` for what is none. */
  surfaceOf(name: string): string | undefined
}

/** Fewer, or a smaller share, are the noise that every log has. */
const fewest = 3
const smallest = 0.005

/** What failed in a stretch, as entries of a phase: told apart by one dimension where that makes them clearer. */
export function faultEntries(log: Log, stretch: Stretch, options: FaultOptions): readonly FaultEntry[] {
  const [best] = log.dimensions
    .map(dimension => ({ dimension, gain: gainBy(log, stretch, dimension) }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain)
  const failing = best ? byDimension(log, stretch, best.dimension, options) : failingOf(log, stretch, options)
  return [...failing, ...slowness(measure(log, stretch), [options.surface], options.pace)]
}

function failingOf(log: Log, stretch: Stretch, { surface }: FaultOptions): readonly FaultEntry[] {
  const what = outcomes(log, stretch, measure(log, stretch))
  return what ? [{ surface: [surface], ...what }] : []
}

type Outcomes = Pick<FaultEntry, 'fault' | 'mix' | 'share'>

/** The faults of some rows and their shares; `undefined` when they are well. */
function outcomes(log: Log, stretch: Stretch, measured: Measure): Outcomes | undefined {
  const kinds = measured.counts
    .flatMap((n, kind) => {
      const fault = log.meanings[kind]?.fault
      const isNoise = n < fewest || n / measured.rows < smallest
      return fault && !isNoise ? [{ n, fault: withTime(fault, medianLatencyOf(log, stretch, kind)) }] : []
    })
    .sort((a, b) => b.n - a.n)
  const [only, ...more] = kinds
  if (!only) return undefined
  const errors = kinds.reduce((sum, { n }) => sum + n, 0)
  const total = roundShare(errors / measured.rows, measured.rows)
  const share = total < 1 ? { share: total } : {}
  if (more.length === 0) return { fault: only.fault, ...share }
  const weights = roundWeights(kinds.map(({ n }) => n))
  return { mix: kinds.map(({ fault }, i) => ({ fault, share: weights[i] ?? 0 })), ...share }
}

/** Error answers that took their time go on doing so. What has no answer has no time either. */
function withTime(fault: FaultRef, medianMs: number | undefined): FaultRef {
  if (medianMs === undefined || medianMs < 1000 || unanswered.has(fault.id)) return fault
  return { ...fault, params: { ...fault.params, takes: roundMs(medianMs) } }
}

const unanswered: ReadonlySet<string> = new Set(['black-hole', 'connect-stall', 'reset', 'refused', 'dns', 'tls'])

function byDimension(log: Log, stretch: Stretch, dimension: Dimension, options: FaultOptions): readonly FaultEntry[] {
  const groups = new Map<string, { what: Outcomes; values: string[] }>()
  dimension.values.forEach((name, value) => {
    const measured = measure(log, stretch, dimension, value)
    const what = measured.rows > 0 ? outcomes(log, stretch, measured) : undefined
    if (!what) return
    const key = JSON.stringify(what)
    const group = groups.get(key)
    if (group) group.values.push(name)
    else groups.set(key, { what, values: [name] })
  })
  return [...groups.values()].map(({ what, values }) => ({ ...place(dimension, values, options), ...what }))
}

function place(
  dimension: Dimension,
  values: readonly string[],
  options: FaultOptions,
): Pick<FaultEntry, 'surface' | 'when'> {
  if (dimension.name === 'surface')
    return { surface: [...new Set(values.map(name => options.surfaceOf(name) ?? options.surface))] }
  const when: When | undefined =
    dimension.name === 'model'
      ? values.some(name => name.trim() === '')
        ? undefined
        : { model: values.map(name => name.trim()) }
      : { streaming: values.some(isYes) }
  // Both values of a flag alike: then it tells nothing.
  if (dimension.name === 'streaming' && values.some(isYes) !== values.every(isYes))
    return { surface: [options.surface] }
  return { surface: [options.surface], ...(when && { when }) }
}

function isYes(cell: string): boolean {
  return /^(?:true|yes|y|1|on|stream(?:ed|ing)?|sse)$/i.test(cell.trim())
}

/** Answers later than nearly all are when nothing is wrong, as one entry. */
function slowness({ latencies }: Measure, surface: readonly string[], pace: Pace | undefined): readonly FaultEntry[] {
  if (!pace || latencies.length < fewest) return []
  const limit = pace.p99 * 1.25 + 100
  const slow = latencies.filter(latency => latency > limit).map(latency => Math.max(1, latency - pace.median))
  const share = slow.length / latencies.length
  if (slow.length < fewest || share < 0.03) return []
  const median = roundMs(quantile(slow, 0.5))
  const isEven = quantile(slow, 0.95) - quantile(slow, 0.05) < 0.25 * median
  const fault: FaultRef = isEven
    ? { id: 'slow-first-byte', params: { by: median } }
    : { id: 'brownout', params: { median, p99: Math.max(median, roundMs(quantile(slow, 0.99))) } }
  const rounded = roundShare(share, latencies.length)
  return [{ surface, fault, ...(share < 0.9 && rounded < 1 && { share: rounded }) }]
}
