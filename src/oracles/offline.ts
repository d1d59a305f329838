import type { Span } from '../model/timeline.ts'
import type { JournalView } from './view.ts'

/**
 * When the app's own network was gone, by the scenario's wish: what failed then is nobody's failure. `afterMs` is added
 * at the end of each, the time to be itself again.
 */
export function offlineSpans({ clientEvents, endMs }: JournalView, afterMs = 0): readonly Span[] {
  const spans: Span[] = []
  let fromMs: number | undefined
  for (const { event, t } of clientEvents)
    if (event === 'offline') fromMs ??= t
    else if (event === 'online' && fromMs !== undefined) {
      spans.push({ startMs: fromMs, endMs: t + afterMs })
      fromMs = undefined
    }
  return fromMs === undefined ? spans : [...spans, { startMs: fromMs, endMs }]
}

/** Whether some of `spans` has a moment in common with what went from `fromMs` to `toMs`. */
export function meets(spans: readonly Span[], fromMs: number, toMs: number): boolean {
  return spans.some(({ startMs, endMs }) => startMs <= toMs && endMs >= fromMs)
}
