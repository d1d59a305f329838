import type { Profile, ProfileCell } from '../profile/cell.ts'
import { spell, table } from './text.ts'

const head = ['fault', 'streamed', 'outcome', 'throws', 'attempts', 'waits', 'fell over to', 'settles in', 'after it']

/** What a client did under each fault, one line each; the same client and seed give the same text. */
export function profileTable({ client, provider, seed, cells }: Profile): string {
  return `${[`${client} on ${provider}, seed ${seed}`, '', ...table([head, ...cells.map(rowOf)])].join('\n')}\n`
}

/** Rows of two profiles that differ, each client's under the other's; and how many do not. */
export function profileDifference(one: Profile, other: Profile): string {
  const pairs = one.cells.flatMap((cell, i) => {
    const second = other.cells[i]
    return second ? [[rowOf(cell), rowOf(second)] as const] : []
  })
  const different = pairs.filter(([a, b]) => a.join('\n') !== b.join('\n'))
  const rows = different.flatMap(([a, b]) => [
    [one.client, ...a],
    [other.client, '', '', ...b.slice(2)],
  ])
  const same = pairs.length - different.length
  const title = `${one.client} on ${one.provider} against ${other.client} on ${other.provider}, seed ${one.seed}`
  const closing = `${different.length} of ${pairs.length} differ, ${same} ${same === 1 ? 'is' : 'are'} the same.`
  return `${[title, '', ...(rows.length > 0 ? [...table([['client', ...head], ...rows]), ''] : []), closing].join('\n')}\n`
}

function rowOf(cell: ProfileCell): string[] {
  const { fault, streamed, problem } = cell
  const name = [fault, streamed ? 'yes' : 'no']
  if (problem !== undefined) return [...name, `- (${problem})`, '', '', '', '', '', '']
  return [
    ...name,
    outcomesOf(cell),
    cell.errors.join(', ') || '-',
    cell.attempts.p50 === cell.attempts.max
      ? `${cell.attempts.max}`
      : `${cell.attempts.p50}, up to ${cell.attempts.max}`,
    waitsOf(cell.waitsMs),
    cell.fellOverTo.join(', ') || '-',
    cell.settleMs === undefined ? '-' : `${about(cell.settleMs.p50)} (p95 ${about(cell.settleMs.p95)})`,
    afterOf(cell.wellAfter),
  ]
}

/** Most frequent first; the share, not the count, so that one task more is no change. */
function outcomesOf({ outcomes, sources, tasks }: ProfileCell): string {
  const words = Object.entries(outcomes).toSorted(([, a], [, b]) => b - a)
  const from = Object.keys(sources)
  const told = words.map(([word, times]) => (words.length === 1 ? word : `${word} ${tenths(times / tasks)}`))
  return from.length === 0 ? told.join(', ') : `${told.join(', ')} (from ${from.join(', ')})`
}

/** Never all and never none of them: what is told beside another is a part. */
const tenths = (share: number) =>
  share < 0.05 ? 'rarely' : share > 0.95 ? 'mostly' : `${Math.min(90, Math.max(10, Math.round(share * 10) * 10))}%`

function waitsOf(waits: readonly number[]): string {
  if (waits.length === 0) return '-'
  const shown = waits.slice(0, 4).map(about)
  return waits.length > 4 ? `${shown.join(' ')} …` : shown.join(' ')
}

function afterOf(well: number | undefined): string {
  if (well === undefined) return '-'
  return well > 0.95 ? 'well' : well < 0.05 ? 'still broken' : `${tenths(well)} well`
}

/** Lengths of time that people say, ms: jitter is no change, a policy is. */
const steps = [
  ...[10, 20, 50, 100, 200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000],
  ...[1, 1.5, 2, 3, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1_440].map(minutes => minutes * 60_000),
]

/** The nearest of the steps, by ratio. */
function about(ms: number): string {
  if (ms < 5) return '0'
  const distance = (step: number) => Math.abs(Math.log(step / ms))
  const [first = 0, ...rest] = steps
  return spell(rest.reduce((best, step) => (distance(step) < distance(best) ? step : best), first))
}
