import { formatDuration } from '../lib/duration.ts'
import { type GameDay, injectText } from '../model/game-day.ts'
import type { Instant } from '../model/scenario.ts'
import { instantMs, type Plan, phaseNameAt } from '../model/timeline.ts'
import { faultText, limitText } from '../reports/entry-text.ts'
import { eventText, statusText } from '../reports/happenings.ts'
import type { Catalogue } from '../scenario/index.ts'

/** What a cue of the show is about. */
export type CueKind = 'phase' | 'fault' | 'limit' | 'status' | 'event' | 'inject' | 'action'

/** Something that happens at a time, or that somebody should have done by then. */
export interface Cue {
  /** Ms since t = 0. */
  readonly t: number
  readonly kind: CueKind
  /** The phase that it falls into. */
  readonly phase: string
  readonly surface?: string
  readonly text: string
  readonly owner?: string
  /** What is hoped for. */
  readonly expected?: string
}

/** Everything that the show has, in the order in which it comes. */
export function cuesOf(plan: Plan, catalogue: Catalogue): readonly Cue[] {
  const { scenario, phases, lengthMs } = plan
  const { game_day: day = {}, status_page = [], events = [] } = scenario
  const msOf = (at: Instant) => instantMs(at, phases, lengthMs)
  const phaseAt = (t: number) => phaseNameAt(phases, t, lengthMs)
  const at = (t: number, cue: Omit<Cue, 't' | 'phase'>): Cue => ({ t, phase: phaseAt(t), ...cue })

  const stretches = scenario.phases.flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
  const ofPhases = phases.flatMap(({ name, base, startMs, endMs }): Cue[] => {
    const written = stretches.find(one => one.name === base)
    const what = (kind: 'fault' | 'limit', text: string): Cue => {
      const cut = text.indexOf(':')
      return { t: startMs, phase: name, kind, surface: text.slice(0, cut), text: text.slice(cut + 1).trim() }
    }
    const note = written?.note === undefined ? '' : `: ${written.note}`
    return [
      { t: startMs, phase: name, kind: 'phase', text: `begins, for ${formatDuration(endMs - startMs)}${note}` },
      ...(written?.faults ?? []).map(entry => what('fault', faultText(entry, catalogue))),
      ...(written?.limits ?? []).map(entry => what('limit', limitText(entry))),
    ]
  })
  const healed: Cue = { t: lengthMs, phase: 'healed', kind: 'phase', text: 'every fault is over' }
  const tracks = (scenario.faults ?? []).map((track): Cue => {
    const text = faultText(track, catalogue)
    const cut = text.indexOf(':')
    const lasting = formatDuration(msOf(track.until) - msOf(track.from))
    const [surface, says] = [text.slice(0, cut), `${text.slice(cut + 1).trim()}, for ${lasting}`]
    return at(msOf(track.from), { kind: 'fault', surface, text: says })
  })
  const status = status_page.map(update => at(msOf(update.at), { kind: 'status', text: statusText(update) }))
  const happenings = events.map(event => at(msOf(event.at), { kind: 'event', text: eventText(event) }))
  return [...ofPhases, healed, ...tracks, ...status, ...happenings, ...ofPeople(day, { msOf, at })].toSorted(
    (a, b) => a.t - b.t || order.indexOf(a.kind) - order.indexOf(b.kind),
  )
}

/** What it says where there are no columns for phase and surface. */
export function cueText({ kind, phase, surface, text, expected = '' }: Cue): string {
  if (kind === 'phase') return `${phase}: ${text}`
  if (kind === 'action') return `by now: ${expected}`
  return surface === undefined ? text : `${surface}: ${text}`
}

const order: readonly CueKind[] = ['phase', 'fault', 'limit', 'event', 'status', 'inject', 'action']

interface Places {
  msOf(at: Instant): number
  at(t: number, cue: Omit<Cue, 't' | 'phase'>): Cue
}

function ofPeople({ injects = [], actions = [] }: GameDay, { msOf, at }: Places): readonly Cue[] {
  const told = injects.map(inject => {
    const { expect } = inject
    return at(msOf(inject.at), {
      kind: 'inject',
      text: injectText(inject),
      owner: 'facilitator',
      ...(expect !== undefined && { expected: expect }),
    })
  })
  const hoped = actions.flatMap(({ says, by, owner, mark }) =>
    by === undefined
      ? []
      : [
          at(msOf(by), {
            kind: 'action',
            text: '',
            ...(owner !== undefined && { owner }),
            expected: `${says}${mark === undefined ? '' : ` (mark: ${mark})`}`,
          }),
        ],
  )
  return [...told, ...hoped]
}
