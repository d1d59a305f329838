import type { JournalEvent } from '../../journal/event.ts'
import { type NoteCategory, type PeopleNote, peopleNotes } from '../../journal/people-note.ts'
import { instant } from '../text.ts'
import type { Action } from './document.ts'
import { safeText } from './timeline.ts'

/** What people noted of one category, with when and by whom. */
export function noted(events: readonly JournalEvent[], category: NoteCategory): readonly string[] {
  return notesOf(events, category).map(note => `${safeText(note.says)} (${byWhom(note)})`)
}

/** `@sam`, at the beginning of a word: who is to see to it. */
const named = /(?<![\w@])@([\p{L}\p{N}][\p{L}\p{N}._-]*)/u
const date = /\b\d{4}-\d{2}-\d{2}\b/

/** What people noted that is to be done: by whom they named with an `@`, else by who noted it; by the date that is in it. */
export function notedActions(events: readonly JournalEvent[]): readonly Action[] {
  return notesOf(events, 'action').map((note): Action => {
    const what = safeText(note.says)
    const [, name] = named.exec(what) ?? []
    const [due = ''] = date.exec(what) ?? []
    const owner = name?.replace(/[.-]+$/, '') ?? safeText(note.author)
    return { what, from: byWhom(note), findings: [], owner, due }
  })
}

function notesOf(events: readonly JournalEvent[], category: NoteCategory): readonly PeopleNote[] {
  return peopleNotes(events).filter(note => note.category === category && note.says !== '')
}

function byWhom({ t, author }: PeopleNote): string {
  return `noted at ${instant(t)}${author === '' ? '' : ` by ${safeText(author)}`}`
}
