import { useRef, useState } from 'preact/hooks'
import { type NoteCategory, noteCategories } from '../protocol.ts'
import { useAct } from './act.ts'
import { useField } from './field.ts'

/** Where the author's name stays, in this browser alone. */
export const authorKept = 'blackstart.author'

export interface NoteFormProps {
  readonly category: NoteCategory
  /** Whether the categories have keys. */
  readonly isQuick: boolean
  onCategory(category: NoteCategory): void
}

/** Enter sends, and leaves the text: so a scribe's next key is the next note's category. A name is asked for once, after the text. */
export function NoteForm({ category, isQuick, onCategory }: NoteFormProps) {
  const act = useAct()
  const author = useField('note-author', '', authorKept)
  const text = useField('note-text', '')
  const [said, setSaid] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const focusIn = (selector: string) => form.current?.querySelector<HTMLElement>(selector)?.focus()
  const send = async () => {
    const says = text.value.trim()
    const by = author.value.trim()
    if (says === '') return focusIn('#note-text')
    if (by === '') {
      setSaid('Whose note is it? Type your name, then Enter.')
      return focusIn('#note-author')
    }
    if (await act({ do: 'note', category, says, author: by })) return setSaid('')
    text.set('')
    setSaid(`Noted: ${category}.`)
    focusIn('input[type=radio]:checked')
  }
  return (
    <form
      class="note-form"
      ref={form}
      // What is missing is asked for in words of its own, and the text that is there stays.
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
    >
      <fieldset class="categories">
        <legend>Category</legend>
        {noteCategories.map((one, index) => (
          <label key={one} class="chip">
            <input
              type="radio"
              name="category"
              value={one}
              checked={one === category}
              onChange={() => onCategory(one)}
            />
            <span>
              {isQuick && <kbd>{index + 1}</kbd>} {one}
            </span>
          </label>
        ))}
      </fieldset>
      <div class="fields">
        <p>
          <label for="note-author">Your name</label>
          <input {...author.props} required autocomplete="name" />
        </p>
        <p class="wide-field">
          <label for="note-text">Note</label>
          <input
            {...text.props}
            required
            autocomplete="off"
            onKeyDown={event => {
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
          />
        </p>
        <p class="wide-field row">
          <button type="submit" id="note-send">
            Note it
          </button>
          <span role="status" class="soft">
            {said}
          </span>
        </p>
      </div>
    </form>
  )
}
