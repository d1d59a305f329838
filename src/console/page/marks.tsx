import { type ResponderMark, responderMarks } from '../../model/game-day.ts'
import type { Entry, ResponderView } from '../protocol.ts'
import { useAct } from './act.ts'
import { authorKept } from './note-form.tsx'
import { Panel } from './panel.tsx'
import { sentence } from './text.ts'

export const markKeys: Readonly<Record<ResponderMark, string>> = {
  detected: 'd',
  declared: 'c',
  mitigated: 'm',
  recovered: 'r',
}

const says: Readonly<Record<ResponderMark, string>> = {
  detected: 'We know that something is wrong.',
  declared: 'It is an incident, and people were told.',
  mitigated: 'Users are helped, though it is not over.',
  recovered: 'All is as it was before.',
}

export interface MarksProps {
  readonly marks: ResponderView['marks']
  readonly isOff: boolean
  /** Whose page has keys for it. */
  readonly hasKeys: boolean
  readonly title: string
  /** By whose clock. */
  timeText(ms: number): string
  onMark(mark: ResponderMark): void
}

/** What the room says of itself; the first time that something is marked is the one that counts. */
export function Marks({ marks, isOff, hasKeys, title, timeText, onMark }: MarksProps) {
  return (
    <Panel id="marks" title={title}>
      <div class="marks">
        {responderMarks.map(mark => {
          const made = marks[mark]
          return (
            <button
              type="button"
              key={mark}
              id={`mark-${mark}`}
              class={made ? 'mark made' : 'mark'}
              disabled={isOff}
              aria-describedby={`mark-${mark}-says`}
              onClick={() => onMark(mark)}
            >
              <b>
                {sentence(mark)} {hasKeys && <kbd>{markKeys[mark]}</kbd>}
              </b>
              <span id={`mark-${mark}-says`}>
                {made ? `${timeText(made.t)}${made.author ? `, by ${made.author}` : ''}` : says[mark]}
              </span>
            </button>
          )
        })}
      </div>
    </Panel>
  )
}

/** Marks something, by the name that this browser knows. */
export function useMark(): (mark: ResponderMark) => void {
  const act = useAct()
  return mark => {
    const author = localStorage.getItem(authorKept)?.trim()
    void act({ do: 'mark', mark, ...(author && { author }) })
  }
}

/** What the log tells of marks. */
export function marksOf(entries: readonly Entry[]): ResponderView['marks'] {
  const made: Partial<Record<ResponderMark, { readonly t: number; readonly author?: string }>> = {}
  for (const { mark, t, author, role } of entries) {
    const known = responderMarks.find(one => one === mark)
    const by = author ?? role
    if (known) made[known] ??= { t, ...(by !== undefined && { author: by }) }
  }
  return made
}
