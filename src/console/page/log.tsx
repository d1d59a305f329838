import { useState } from 'preact/hooks'
import type { Entry, EntryKind } from '../protocol.ts'
import { useField } from './field.ts'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { tickText } from './text.ts'

const atFirst = 100
const kinds: readonly EntryKind[] = ['phase', 'status', 'inject', 'mark', 'note', 'alert', 'steer', 'event', 'system']

/** All that happened, newest first. */
export const Log = memo(({ entries }: { readonly entries: readonly Entry[] }) => {
  const kind = useField('log-kind', '')
  const word = useField('log-word', '')
  const [isWhole, setWhole] = useState(false)
  const found = entries.filter(entry => (kind.value === '' || entry.kind === kind.value) && has(entry, word.value))
  const shown = (isWhole ? found : found.slice(-atFirst)).toReversed()
  return (
    <Panel id="log" title="Log" aside={<span class="soft">{entries.length}</span>}>
      <div class="inline-field">
        <label for="log-kind">
          Show<span class="unseen"> in the log</span>
        </label>
        <select {...kind.props}>
          <option value="">everything</option>
          {kinds.map(one => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <label for="log-word">with the words</label>
        <input {...word.props} type="search" autocomplete="off" size={10} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div class="scroll tall" role="log" aria-live="polite" aria-label="Log, newest first" tabIndex={0}>
        <ol class="moments" id="log-list">
          {shown.map(entry => (
            <LogLine key={entry.id} entry={entry} />
          ))}
        </ol>
      </div>
      {shown.length < found.length && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {found.length}
        </button>
      )}
    </Panel>
  )
})

const LogLine = memo(({ entry }: { readonly entry: Entry }) => {
  const { id, t, kind, text, author, role } = entry
  return (
    <li data-entry={id}>
      <span class="time">{tickText(t)}</span>
      <span class="tag">{kind}</span>
      <span>
        {headText(entry)}
        {text}
        {(author ?? role) && <span class="soft"> {author ?? role}</span>}
      </span>
    </li>
  )
})

/** Of what people were told: how it reached them, from whom, to whom. */
function headText({ inject, from, to, subject, category }: Entry): string {
  if (category) return `${category}: `
  if (!inject) return ''
  return `${inject}${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}: ${subject ? `${subject}: ` : ''}`
}

function has({ text, author, subject, from }: Entry, word: string): boolean {
  const wanted = word.trim().toLowerCase()
  return wanted === '' || [text, author, subject, from].some(one => one?.toLowerCase().includes(wanted))
}
