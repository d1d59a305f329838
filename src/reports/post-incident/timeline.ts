import { type Break, isBreak } from '../../journal/breaks.ts'
import type { JournalEvent, Mark, Note } from '../../journal/event.ts'
import { authorOf, fieldOf, noteCategories, type PeopleNote, peopleNote } from '../../journal/people-note.ts'
import { redact } from '../../journal/redact.ts'
import type { Plan } from '../../model/timeline.ts'
import { injectedText } from '../../run/injected-mark.ts'
import type { RunResult } from '../../run/result.ts'
import type { Catalogue } from '../../scenario/index.ts'
import { faultText, limitText } from '../entry-text.ts'
import { updateAt } from '../happenings.ts'
import type { RecordedRun } from '../recorded/recorded-run.ts'
import { plural, spell } from '../text.ts'
import { healedAt } from './healed-at.ts'
import { isBad, peakOf } from './impact.ts'

/** Where something on the timeline comes from. */
export type MomentKind =
  | 'phase'
  | 'fault'
  | 'status page'
  | 'app'
  | 'measured'
  | 'mark'
  | 'inject'
  | 'alert'
  | PeopleNote['category']
  | 'end'

/** Something that happened. */
export interface Moment {
  readonly t: number
  readonly kind: MomentKind
  readonly says: string
}

/** Marks of ours that say what people did to the timeline. */
const deeds: Readonly<Record<string, string>> = {
  held: 'the phase was held',
  released: 'the phase was let go on',
  skipped: 'the phase was ended early',
  extended: 'the phase was made longer',
  'moved-on': 'the timeline was moved on',
  injected: 'a fault was injected',
  'injection-ended': 'an injected fault was taken back',
  stopped: 'a stop condition ended it',
  aborted: 'it was aborted',
  'timers-hurried': 'the app’s own timers go at the speed of the drill',
}

/** What became of blackstart itself; people may mark something else under these names. */
const breakDeeds: Readonly<Record<Break['mark'], string>> = {
  interrupted: 'blackstart itself was ended',
  resumed: 'another process of blackstart went on',
}

const textAtMost = 500

/** All that happened, in order: what the scenario did, what the page said, what people marked, and what was measured. */
export function timelineOf(run: RecordedRun, catalogue: Catalogue): readonly Moment[] {
  const { result, events } = run
  const moments = [
    ...events.flatMap(event => momentsOf(event, result, catalogue)),
    ...notesOf(events),
    ...measured(run),
  ]
  return moments.sort((a, b) => a.t - b.t)
}

/** What people did, said or were told. */
const peoples: ReadonlySet<MomentKind> = new Set([
  ...noteCategories,
  'note',
  'mark',
  'inject',
  'alert',
  'fault',
] as const)

/** The moments that are shown, in order: where there are more than `atMost`, those of people go before those of machines. */
export function shownMoments(moments: readonly Moment[], atMost: number): readonly Moment[] {
  if (moments.length <= atMost) return moments
  const { people = [], machines = [] } = Object.groupBy(moments, ({ kind }) =>
    peoples.has(kind) ? 'people' : 'machines',
  )
  const shown = new Set([...people, ...machines].slice(0, atMost))
  return moments.filter(moment => shown.has(moment))
}

/** Marks that people made, or that tell what they did. */
export function marksOf(events: readonly JournalEvent[]): readonly Mark[] {
  return events.filter(event => event.type === 'mark')
}

/** Text of a mark or a note, without what nobody should read in a report. */
export function safeText(text: string): string {
  return redact(text, textAtMost)
}

/** A mark in words, with who set it. */
function markText(mark: Mark): string {
  const { says = '' } = mark
  const known = isBreak(mark) ? breakDeeds[mark.mark] : deeds[mark.mark]
  const name = known ?? safeText(mark.mark)
  const told = mark.mark === 'injected' ? injectedText(says) : says
  const said = told === '' ? name : `${name}: ${safeText(told)}`
  const more = detailText(mark)
  return more === '' ? said : `${said} (${more})`
}

/** `Kim, responder, severity 2`: who set it, and the other texts of a mark's own data. */
function detailText(mark: Mark): string {
  const { detail } = mark
  if (typeof detail !== 'object' || detail === null) return ''
  const [author, role] = [authorOf(mark), fieldOf(mark, 'role')]
  const others = Object.entries(detail).filter(
    ([name, value]) => typeof value === 'string' && value !== '' && name !== 'author' && name !== 'role',
  )
  const texts = [author, typeof role === 'string' ? role : '', ...others.map(([name, value]) => `${name} ${value}`)]
  return safeText(texts.filter(Boolean).join(', '))
}

/** A mark on the timeline. */
export function markMoment(mark: Mark): Moment {
  const { t, says = '' } = mark
  const note = peopleNote(mark)
  if (note) {
    const author = safeText(note.author)
    return { t, kind: note.category, says: `${safeText(note.says)}${author === '' ? '' : ` (${author})`}` }
  }
  switch (mark.mark) {
    // What their data says stands in their text.
    case 'inject':
    case 'alert':
      return { t, kind: mark.mark, says: safeText(says) }
    case 'inject-failed':
      return { t, kind: 'inject', says: `it did not get through: ${safeText(says)}` }
    default:
      return { t, kind: mark.mark === 'injected' ? 'fault' : 'mark', says: markText(mark) }
  }
}

function momentsOf(event: JournalEvent, { plan }: RunResult, catalogue: Catalogue): readonly Moment[] {
  const { t } = event
  switch (event.type) {
    case 'phase-entered':
      return [{ t, kind: 'phase', says: phaseText(event.phase, plan, catalogue) }]
    case 'status-changed': {
      const { incident, components = {}, says } = event
      const parts = [
        incident,
        Object.entries(components)
          .map(([name, status]) => `${name} ${status.replaceAll('_', ' ')}`)
          .join(', '),
        says === undefined ? '' : `“${safeText(says)}”`,
      ]
      return [{ t, kind: 'status page', says: parts.filter(Boolean).join('; ') || updateAt(t, plan) }]
    }
    case 'client-event': {
      const { instance, detail } = event
      const which = instance === undefined ? '' : `, instance ${instance}`
      const more = detail === undefined ? '' : ` ${safeText(JSON.stringify(detail))}`
      return [{ t, kind: 'app', says: `${event.event.replaceAll('-', ' ')}${which}${more}` }]
    }
    case 'mark':
      return [markMoment(event)]
    case 'run-ended':
      return [
        { t, kind: 'end', says: event.reason === 'complete' ? 'the run ended' : `the run ended: ${event.reason}` },
      ]
    default:
      return []
  }
}

function phaseText(name: string, plan: Plan, catalogue: Catalogue): string {
  if (name === 'steady-state') return 'healthy warm-up'
  if (name === 'healed') return 'healed: no fault is left'
  const base = name.replace(/#\d+$/, '')
  const phase = plan.scenario.phases
    .flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
    .find(one => one.name === base)
  const faults = (phase?.faults ?? []).map(entry => faultText(entry, catalogue))
  const what = [...faults, ...(phase?.limits ?? []).map(limitText)]
  return `${name}: ${what.length === 0 ? 'nothing fails' : what.join('; ')}`
}

/** Notes of one kind and text are one line, at the first of them. */
function notesOf(events: readonly JournalEvent[]): readonly Moment[] {
  const byText = new Map<string, { first: Note; times: number }>()
  for (const event of events) {
    if (event.type !== 'note') continue
    const key = `${event.kind} ${event.says}`
    const known = byText.get(key)
    if (known) known.times++
    else byText.set(key, { first: event, times: 1 })
  }
  return [...byText.values()].map(({ first, times }) => ({
    t: first.t,
    kind: 'note',
    says: `${first.kind.replaceAll('-', ' ')}: ${safeText(first.says)}${times > 1 ? ` (${times} times)` : ''}`,
  }))
}

/** What nobody wrote down and the journal shows. */
function measured({ view, result: { plan } }: RecordedRun): readonly Moment[] {
  const { tasks, attempts, endMs } = view
  const healedMs = healedAt(plan)
  const at = (t: number | undefined, says: string): Moment[] =>
    t === undefined || !Number.isFinite(t) ? [] : [{ t, kind: 'measured', says }]
  const bad = tasks.filter(task => isBad(task) && task.startMs < healedMs)
  const firstBad = bad.toSorted((a, b) => (a.settledMs ?? endMs) - (b.settledMs ?? endMs))[0]
  const firstHit = attempts.find(({ started }) => started.entry !== undefined)
  const peak = peakOf(tasks)
  const good = tasks.filter(({ settled, settledMs = 0 }) => settled?.outcome === 'ok' && settledMs >= healedMs)
  const firstGood = good.toSorted((a, b) => (a.settledMs ?? 0) - (b.settledMs ?? 0))[0]
  const late = tasks.filter(({ startMs, settledMs }) => startMs < healedMs && (settledMs ?? 0) > healedMs)
  const last = late.toSorted((a, b) => (b.settledMs ?? 0) - (a.settledMs ?? 0))[0]
  return [
    ...at(
      firstHit?.startMs,
      `the app’s first request that was hit${firstHit?.started.fault ? ` (${firstHit.started.fault})` : ''}`,
    ),
    ...(firstBad?.settledMs === undefined ? [] : at(firstBad.settledMs, `the first task ended badly (${firstBad.id})`)),
    ...(peak.open > 1 ? at(peak.t, `most tasks open at once: ${peak.open}`) : []),
    ...at(
      firstGood?.settledMs,
      `the first task was answered after the last fault (${firstGood?.id}, ${spell((firstGood?.settledMs ?? 0) - healedMs)} later)`,
    ),
    ...at(last?.settledMs, `the last task that the outage left open was settled (${plural(late.length, 'task')})`),
  ]
}
