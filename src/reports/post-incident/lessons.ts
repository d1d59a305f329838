import type { FullCatalogue } from '../../run/catalogue.ts'
import type { RecordedRun } from '../recorded/recorded-run.ts'
import { count, instant, plural, spell } from '../text.ts'
import { healedAt } from './healed-at.ts'
import { isBad } from './impact.ts'
import { type StatusTrack, truthText } from './status-track.ts'

/** What went well: checks that held with something to look at, in the words of what a sound client does. */
export function wentWell({ result }: RecordedRun, { oracles }: Pick<FullCatalogue, 'oracles'>): readonly string[] {
  return result.oracles
    .filter(({ status, examined }) => status === 'pass' && examined > 0)
    .map(
      ({ id, examined }) =>
        `${oracles.get(id)?.says ?? conduct[id] ?? 'It held.'} (${id}, ${count(examined)} looked at)`,
    )
}

const conduct: Readonly<Record<string, string>> = {
  conduct:
    'The app left its own process alone: no promise without a listener, no exit, no key sent to another provider.',
}

/** What nobody asked a check about, and may surprise who reads it. */
export function surprises(run: RecordedRun, tracks: readonly StatusTrack[]): readonly string[] {
  return [...ofTheLanding(run), ...ofThePage(tracks), ...ofTheUsers(run), ...run.result.notices]
}

function ofTheLanding({ result }: RecordedRun): string[] {
  return result.faults.flatMap(({ id, phase, status, surface, hint, reached }) => {
    if (reached === false) return []
    const what = `${id} on ${surface.join(', ')} (${phase})`
    switch (status) {
      case 'withheld':
        return [
          `${what} hit nobody: while it was in force the app kept away, by its breaker, its backoff, its cache or a fallback.`,
        ]
      case 'thin':
        return [`${what} hit nobody: hardly anybody came. ${hint ?? ''}`.trim()]
      case 'missed':
        return [`${what} hit nobody, though it was to.`]
      default:
        return []
    }
  })
}

/** The longest stretch of each surface in which the page and the truth were apart. */
function ofThePage(tracks: readonly StatusTrack[]): string[] {
  return tracks.flatMap(({ surface, stretches }) => {
    const apart = stretches.filter(({ agrees }) => agrees === 'too well' || agrees === 'too bad')
    const [worst] = apart.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    if (!worst) return []
    const said = worst.said.replaceAll('_', ' ')
    const long = spell(worst.endMs - worst.startMs)
    return [
      `From ${instant(worst.startMs)} on, for ${long}, the status page had ${surface} as ${said}; in truth ${truthText(worst)}.`,
    ]
  })
}

function ofTheUsers({ view, result: { plan } }: RecordedRun): string[] {
  const healedMs = healedAt(plan)
  const after = view.tasks.filter(({ startMs }) => startMs >= healedMs)
  const bad = after.filter(isBad)
  const last = bad.at(-1)
  return last === undefined
    ? []
    : [
        `${plural(bad.length, 'task')} of ${count(after.length)} still ended badly once all was healed, the last ${spell(last.startMs - healedMs)} after it (${last.id}).`,
      ]
}
