import type { MarkOptions, MeasureOptions, PerformanceMeasure } from 'node:perf_hooks'
import { replace } from './chance.ts'

/**
 * Makes `performance` measure virtual time. The object stays the same, as `node:perf_hooks` hands it out too. Returns
 * the undo.
 */
export function fakePerformance(now: () => number, startMs: number): () => void {
  const { performance } = globalThis
  const mark = performance.mark.bind(performance)
  const measure = performance.measure.bind(performance)
  const elapsed = () => now() - startMs
  const undo = [
    replace(performance, 'now', elapsed),
    replace(performance, 'timeOrigin', startMs),
    replace(performance, 'mark', (name: string, options: MarkOptions = {}) =>
      mark(name, { startTime: elapsed(), ...options }),
    ),
    replace(
      performance,
      'measure',
      (name: string, from?: string | MeasureOptions, end?: string): PerformanceMeasure => {
        if (end !== undefined && typeof from !== 'object') return measure(name, from, end)
        const span = typeof from === 'object' ? from : { start: from ?? 0 }
        const isClosed = span.end !== undefined || span.duration !== undefined
        return measure(name, isClosed ? span : { ...span, end: elapsed() })
      },
    ),
  ]
  return () => {
    for (const back of undo.reverse()) back()
  }
}
