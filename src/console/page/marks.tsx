import { type ResponderMark, responderMarks } from '../../model/game-day.ts'
import type { ResponderView } from '../protocol.ts'
import { Panel } from './panel.tsx'
import { sentence, tickText } from './text.ts'

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
  onMark(mark: ResponderMark): void
}

/** What the room says of itself; the first time that something is marked is the one that counts. */
export function Marks({ marks, isOff, onMark }: MarksProps) {
  return (
    <Panel id="marks" title="Where we are">
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
                {sentence(mark)} <kbd>{markKeys[mark]}</kbd>
              </b>
              <span id={`mark-${mark}-says`}>
                {made ? `${tickText(made.t)}${made.author ? `, by ${made.author}` : ''}` : says[mark]}
              </span>
            </button>
          )
        })}
      </div>
    </Panel>
  )
}
