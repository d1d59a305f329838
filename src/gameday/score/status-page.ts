import type { JournalEvent } from '../../journal/event.ts'
import { instantMs, type Plan } from '../../model/timeline.ts'
import { statusText, updateAt } from '../../reports/happenings.ts'
import { spell } from '../../reports/text.ts'
import { clockText } from '../clock-text.ts'
import { outageOf } from './in-force.ts'
import { deedsOf } from './marks.ts'
import { type Score, scored, unscored } from './score.ts'

/** Something that a status page said, and when. */
export interface PageWord {
  /** Ms since t = 0. */
  readonly t: number
  readonly says: string
}

/** What the status page said of it first, and whether the team waited for that. */
export function pageScores(events: readonly JournalEvent[], plan: Plan): readonly Score[] {
  const first = { id: 'status-page-first-word', what: 'onset to the status page’s first word', unit: 'ms' } as const
  const wait = { id: 'waited-on-status-page', what: 'time the team waited on the status page', unit: 'ms' } as const
  const outage = outageOf(plan)
  const words = wordsOf(events, plan)
  const word = outage && words.find(({ t }) => t >= outage.startMs)
  if (!outage || !word) {
    const why = outage ? 'the status page said nothing' : 'nothing fails in this scenario'
    return [unscored(first, why), unscored(wait, why)]
  }
  return [
    scored(first, word.t - outage.startMs, { from: `at ${clockText(word.t)}: ${word.says}` }),
    waited(events, word, wait),
  ]
}

/** From detecting it to the page's word, where declaring it came after that. */
function waited(events: readonly JournalEvent[], word: PageWord, named: Pick<Score, 'id' | 'what' | 'unit'>): Score {
  const deeds = deedsOf(events)
  const detected = deeds.find(({ mark, t }) => mark === 'detected' && t >= 0)
  const declared = deeds.find(({ mark, t }) => mark === 'declared' && t >= 0)
  if (!detected || !declared) return unscored(named, `no mark “${detected ? 'declared' : 'detected'}”`)
  if (declared.t <= word.t)
    return scored(named, 0, { from: `declared ${spell(word.t - declared.t)} before the page said anything` })
  return scored(named, Math.max(0, word.t - detected.t), {
    from:
      detected.t >= word.t
        ? 'it was detected after the page’s word'
        : `detected at ${clockText(detected.t)}, and declared at ${clockText(declared.t)}, after the page’s word`,
  })
}

/** What the page said in a drill, as its journal has it. */
export function wordsOf(events: readonly JournalEvent[], plan: Plan): readonly PageWord[] {
  return events.flatMap((event): PageWord[] => {
    if (event.type !== 'status-changed') return []
    const { t, incident, components = {}, says } = event
    const parts = [
      incident ?? '',
      Object.entries(components)
        .map(([name, status]) => `${name} ${status.replaceAll('_', ' ')}`)
        .join(', '),
      says === undefined ? '' : `"${says}"`,
    ]
    return [{ t, says: parts.filter(Boolean).join('; ') || updateAt(t, plan) }]
  })
}

/** What it said in an outage as it is written. */
export function writtenWords({ scenario, phases, lengthMs }: Plan): readonly PageWord[] {
  return (scenario.status_page ?? [])
    .map(update => ({ t: instantMs(update.at, phases, lengthMs), says: statusText(update) }))
    .toSorted((a, b) => a.t - b.t)
}
