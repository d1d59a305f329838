import { table } from '../reports/text.ts'
import type { Scorecard } from './scorecard.ts'

/** Figures that fit below a report. */
const shown: ReadonlySet<string> = new Set([
  'user-visible-failures',
  'user-visible-minutes',
  'availability',
  'credit-due',
  'retries-per-call',
  'status-page-first-word',
])

/** A scorecard in a few lines, for a terminal. */
export function scorecardSummary({ times, scores, measures, actions, last }: Scorecard): string {
  const figures = [...times, ...scores.filter(({ id }) => shown.has(id))]
  const rows = figures.map(({ what, text, from }) => {
    const before = last?.figures.find(figure => figure.what === what)
    return [what, text, ...(last ? [`last ${before?.last ?? ''}`] : []), from]
  })
  const hoped = [['measures of success', measures] as const, ['expected actions', actions] as const].flatMap(
    ([what, all]) => {
      if (all.length === 0) return []
      const states = [...Map.groupBy(all, ({ state }) => state)].map(([state, some]) => `${some.length} ${state}`)
      return [`${what}: ${states.join(', ')}`]
    },
  )
  return `${['scorecard', ...table(rows, { indent: '  ' }), ...hoped.map(line => `  ${line}`)].join('\n')}\n`
}
