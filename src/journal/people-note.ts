import type { Json } from '../model/scenario.ts'
import type { JournalEvent, Mark } from './event.ts'

/** What a note that somebody took during an exercise is of. */
export const noteCategories = ['observation', 'decision', 'action', 'comms', 'question', 'surprise'] as const
export type NoteCategory = (typeof noteCategories)[number]

/** A note that somebody took: in the journal a mark named `note`, with its category and author as detail. */
export interface PeopleNote {
  readonly t: number
  /** `note` where nobody said which. */
  readonly category: NoteCategory | 'note'
  readonly says: string
  /** Empty where it is not known. */
  readonly author: string
}

/** What a mark says besides: of an alert its `title` and `status`, of an inject who and what. */
export function fieldOf({ detail }: Mark, name: string): Json | undefined {
  return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
    ? (detail as Readonly<Record<string, Json>>)[name] // no list, so it has names
    : undefined
}

/** Who set a mark, as far as it says so; else empty. */
export function authorOf(mark: Mark): string {
  const author = fieldOf(mark, 'author')
  return typeof author === 'string' ? author.trim() : ''
}

/** The note that a mark is, if it is one. */
export function peopleNote(mark: Mark): PeopleNote | undefined {
  if (mark.mark !== 'note') return undefined
  const named = fieldOf(mark, 'category')
  const category = noteCategories.find(one => one === named) ?? 'note'
  return { t: mark.t, category, says: mark.says ?? '', author: authorOf(mark) }
}

/** What people noted, in order. */
export function peopleNotes(events: readonly JournalEvent[]): readonly PeopleNote[] {
  return events.flatMap(event => (event.type === 'mark' ? (peopleNote(event) ?? []) : []))
}
