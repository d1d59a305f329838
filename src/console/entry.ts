import { type Break, isBreak } from '../journal/breaks.ts'
import type { ClientEventRecord, JournalEvent, Mark, StatusChanged } from '../journal/event.ts'
import { authorOf, fieldOf } from '../journal/people-note.ts'
import { injectKinds, responderMarks } from '../model/game-day.ts'
import { injectedText } from '../run/injected-mark.ts'
import { type Entry, noteCategories, type Role, roles } from './protocol.ts'

/** A line of the journal that people read, and its place there. */
export interface LogLine {
  readonly place: number
  readonly event: JournalEvent
}

/** Whether people who run the show are told of it. */
export function isForLog({ type }: JournalEvent): boolean {
  return logged.has(type)
}

const logged: ReadonlySet<JournalEvent['type']> = new Set([
  ...(['phase-entered', 'status-changed', 'client-event', 'note', 'mark', 'run-ended'] as const),
])

/**
 * A line of the journal as `role` reads it; `undefined` where it is not for that role. Responders get what reaches them in
 * the show, what they said themselves, and their marks, timed from the beginning of the exercise: `warmUpMs` before the outage.
 */
export function entryFor(role: Role, { event, place }: LogLine, warmUpMs: number): Entry | undefined {
  const told = toldOf(event)
  if (!told) return undefined
  if (role !== 'responder') return { id: place, t: event.t, ...told }
  if (event.type !== 'mark' || !isForResponders(told)) return undefined
  const { text, ...more } = told
  return { id: place, t: event.t + warmUpMs, ...more, text: responderText(event, told) }
}

type Told = Omit<Entry, 'id' | 't'>

/** An inject is for whoever it names, and all of them are in the room. */
function isForResponders({ kind, role }: Told): boolean {
  return kind === 'inject' || kind === 'alert' || kind === 'mark' || (kind === 'note' && role === 'responder')
}

/** What a facilitator wrote beside a mark is not for the room. */
function responderText({ mark }: Mark, { kind, role, text }: Told): string {
  return kind === 'mark' && role !== 'responder' ? mark : text
}

function toldOf(event: JournalEvent): Told | undefined {
  switch (event.type) {
    case 'phase-entered':
      return { kind: 'phase', text: phaseText(event.phase) }
    case 'status-changed':
      return { kind: 'status', text: statusText(event) }
    case 'client-event':
      return { kind: 'event', text: clientText(event) }
    case 'note':
      return { kind: 'system', text: `${event.kind.replaceAll('-', ' ')}: ${event.says}` }
    case 'run-ended':
      return { kind: 'system', text: `The drill has ended: ${event.reason}.` }
    case 'mark':
      return markTold(event)
    default:
      return undefined
  }
}

function phaseText(phase: string): string {
  if (phase === 'steady-state') return 'The warm-up begins: nothing is broken.'
  return phase === 'healed' ? 'Every fault is over.' : `${phase} begins.`
}

function statusText({ incident, components = {}, says }: StatusChanged): string {
  const states = Object.entries(components).map(([name, state]) => `${name} ${state.replaceAll('_', ' ')}`)
  const parts = [incident ?? '', states.join(', '), says === undefined ? '' : `“${says}”`]
  return parts.filter(Boolean).join('; ') || 'The page has changed.'
}

function clientText({ event, instance }: ClientEventRecord): string {
  return `${event.replaceAll('-', ' ')}${instance === undefined || instance < 0 ? '' : ` (instance ${instance})`}`
}

function markTold(event: Mark): Told | undefined {
  const { mark, says = '' } = event
  if (isBreak(event)) return { kind: 'system', text: breakTexts[event.mark] }
  if (mark === 'inject') return injectTold(event)
  if (mark === 'alert') return { kind: 'alert', text: says }
  if (mark === 'note') {
    const category = noteCategories.find(one => one === fieldOf(event, 'category'))
    return { kind: 'note', text: says, ...byWhom(event), ...(category && { category }) }
  }
  const own = responderMarks.find(one => one === mark)
  if (own !== undefined) return { kind: 'mark', mark, text: says === '' ? mark : `${mark}: ${says}`, ...byWhom(event) }
  const steering = steerings[mark]
  if (steering) return { kind: 'steer', text: steering(says) }
  return { kind: 'steer', text: says === '' ? mark : `${mark}: ${says}` }
}

const breakTexts: Readonly<Record<Break['mark'], string>> = {
  interrupted: 'blackstart itself was ended here: what was under way was lost with it.',
  resumed: 'blackstart went on from here.',
}

/** What the drill was told to do, in words. */
const steerings: Readonly<Record<string, (says: string) => string>> = {
  held: () => 'Held: the phase goes on, with its faults, until it is released.',
  released: () => 'Released: the phase may end.',
  skipped: says => `Skipped the rest of ${says}.`,
  extended: says => `Extended ${says}.`,
  'moved-on': says => `Moved on to ${says}.`,
  injected: says => `Injected ${injectedText(says)}.`,
  'injection-ended': says => `Ended the injected fault ${says}.`,
  aborted: says => `Aborted: ${says}.`,
  stopped: says => `Stopped by itself: ${says}`,
  'inject-failed': says => `An inject did not get through to the webhook: ${says}.`,
  'timers-hurried': () => 'The timers of the app go at the speed of the drill.',
}

function injectTold(event: Mark): Told {
  const kind = injectKinds.find(one => one === fieldOf(event, 'kind')) ?? 'chat'
  const text = textOf(event, 'text') ?? event.says ?? ''
  const [from, to, subject] = (['from', 'to', 'subject'] as const).map(name => textOf(event, name))
  return {
    ...{ kind: 'inject', inject: kind, text },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(subject !== undefined && { subject }),
  }
}

function byWhom(event: Mark): Pick<Told, 'author' | 'role'> {
  const author = authorOf(event)
  const role = roles.find(one => one === fieldOf(event, 'role'))
  return { ...(author !== '' && { author }), ...(role && { role }) }
}

function textOf(event: Mark, name: string): string | undefined {
  const value = fieldOf(event, name)
  return typeof value === 'string' ? value : undefined
}
