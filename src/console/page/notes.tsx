import { useState } from 'preact/hooks'
import { type Entry, type NoteCategory, noteCategories } from '../protocol.ts'
import { useField } from './field.ts'
import { NoteForm } from './note-form.tsx'
import { Panel } from './panel.tsx'

export interface NotesProps {
  readonly entries: readonly Entry[]
  readonly category: NoteCategory
  readonly isQuick: boolean
  /** By whose clock. */
  timeText(ms: number): string
  onCategory(category: NoteCategory): void
}

/** What people wrote down, by category, and the form for more. */
export function Notes({ entries, category, isQuick, timeText, onCategory }: NotesProps) {
  const wanted = useField('notes-filter', '')
  const notes = entries.filter(({ kind }) => kind === 'note')
  const shown = notes.filter(note => wanted.value === '' || note.category === wanted.value).toReversed()
  return (
    <Panel id="notes" title="Notes" aside={<span class="soft">{notes.length}</span>}>
      <NoteForm category={category} isQuick={isQuick} onCategory={onCategory} />
      {notes.length > 0 && (
        <p class="inline-field">
          <label for="notes-filter">
            Show<span class="unseen"> of the notes</span>
          </label>
          <select {...wanted.props}>
            <option value="">all categories</option>
            {noteCategories.map(one => (
              <option key={one} value={one}>
                {one} ({notes.filter(note => note.category === one).length})
              </option>
            ))}
          </select>
        </p>
      )}
      <ol class="moments" id="note-list" aria-live="polite">
        {shown.map(note => (
          <li key={note.id}>
            <span class="time">{timeText(note.t)}</span>
            <span class="tag">{note.category ?? 'note'}</span>
            <span>
              {note.text}
              {note.author && <span class="soft"> {note.author}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** The category that the next note gets. */
export function useCategory(): [NoteCategory, (category: NoteCategory) => void] {
  return useState<NoteCategory>('observation')
}

/** Begins a note of a category, or of the one that was chosen last: in its text, as who types at once means that. */
export function focusNote(): void {
  const field = document.querySelector<HTMLInputElement>('#note-text')
  field?.scrollIntoView({ block: 'nearest' })
  field?.focus()
}
