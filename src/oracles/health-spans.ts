import type { JournalView } from './view.ts'
import type { HealthWord } from './view-reports.ts'

/** A stretch in which an instance's health checks said the same. */
export interface HealthSpan extends Pick<HealthWord, 'instance' | 'ready' | 'live' | 'problem' | 'asks'> {
  readonly startMs: number
  readonly endMs: number
}

/** What the health checks of each instance said, from one change to the next, or to the end of its process or of the run. */
export function healthSpans({ reports, clientEvents, endMs }: JournalView): readonly HealthSpan[] {
  return [...Map.groupBy(reports.health, ({ instance }) => instance)].flatMap(([instance, words]) => {
    const ends = clientEvents
      .filter(one => one.instance === instance && (one.event === 'crash' || one.event === 'stopped'))
      .map(({ t }) => t)
    return words.map(({ t, ready, live, problem, asks }, i) => ({
      ...{ instance, ready, live, asks, startMs: t },
      ...(problem !== undefined && { problem }),
      endMs: Math.min(words[i + 1]?.t ?? endMs, ...ends.filter(end => end >= t)),
    }))
  })
}

/** Spans next to each other of which `says` is true, as one. */
export function joined(
  spans: readonly HealthSpan[],
  says: (span: HealthSpan) => boolean,
): readonly (HealthSpan & { readonly words: readonly HealthSpan[] })[] {
  const runs: HealthSpan[][] = []
  let last: HealthSpan | undefined
  for (const span of spans) {
    const run = runs.at(-1)
    const isNext = last?.instance === span.instance && last.endMs === span.startMs
    if (says(span)) {
      if (run && isNext && last && says(last)) run.push(span)
      else runs.push([span])
    }
    last = span
  }
  return runs.flatMap(words => {
    const [first] = words
    return first ? [{ ...first, endMs: words.at(-1)?.endMs ?? first.endMs, words }] : []
  })
}
