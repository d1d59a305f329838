import type { AttemptHeaders, AttemptStarted, JournalEvent } from '../../src/journal/event.ts'

/** The attempts of a run as a log would have them: time, status, latency, model, streaming. Healthy times are left out. */
export function logOf(journal: readonly JournalEvent[], { epochMs = Date.UTC(2026, 2, 2, 11) } = {}): string {
  const started = new Map<string, AttemptStarted>()
  const headers = new Map<string, AttemptHeaders>()
  const rows: { t: number; cells: readonly unknown[] }[] = []
  for (const event of journal) {
    if (event.type === 'attempt-started' && event.t >= 0) started.set(event.attempt, event)
    if (event.type === 'attempt-headers') headers.set(event.attempt, event)
    if (event.type !== 'attempt-ended') continue
    const start = started.get(event.attempt)
    if (!start) continue
    const time = new Date(epochMs + start.t).toISOString()
    const status = headers.get(event.attempt)?.status ?? (event.outcome === 'aborted' ? 'timeout' : event.outcome)
    rows.push({ t: start.t, cells: [time, status, event.t - start.t, start.model ?? '', start.streaming] })
  }
  const lines = rows.toSorted((a, b) => a.t - b.t).map(({ cells }) => cells.join(','))
  return ['time,status,latency_ms,model,streaming', ...lines].join('\n')
}
