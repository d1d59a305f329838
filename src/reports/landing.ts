import type { EntryLanding } from '../model/landing.ts'
import { shortSurface } from './in-force.ts'
import type { Paint, Style } from './paint.ts'
import { clip, count, table } from './text.ts'

const styles: Readonly<Record<EntryLanding['status'], Style>> = {
  landed: 'green',
  withheld: 'dim',
  unused: 'dim',
  thin: 'yellow',
  missed: 'red',
}

/** What came of one, in words. */
export function landingText({ status, hint, reached }: EntryLanding): string {
  if (reached === false) return 'not reached'
  return hint === undefined ? status : `${status} (${hint})`
}

/** What became of each fault and limit of the scenario: whether the client felt it, and if not, why not. */
export function landingLines(faults: readonly EntryLanding[], provider: string, paint: Paint): string[] {
  if (faults.length === 0) return []
  const head = ['fault', 'on', 'phase', 'line', 'eligible', 'hits', 'status']
  const rows = faults.map(fault => [
    fault.id,
    clip(fault.surface.map(surface => shortSurface(surface, provider)).join(', '), 34),
    fault.phase,
    fault.line === undefined ? '-' : String(fault.line),
    count(fault.eligible),
    count(fault.hits),
    statusText(fault, paint),
  ])
  const [first = '', ...rest] = table([head, ...rows], { right: [3, 4, 5] })
  return [paint('dim', first), ...rest]
}

function statusText(fault: EntryLanding, paint: Paint): string {
  const { status, hint, reached } = fault
  if (reached === false) return paint('dim', landingText(fault))
  return paint(styles[status], status) + (hint ? ` ${paint('dim', `(${hint})`)}` : '')
}
