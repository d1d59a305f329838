import type { ResponderMark } from '../../model/game-day.ts'
import type { ResponderView } from '../protocol.ts'
import type { Told } from './feed.ts'
import { Inbox } from './inbox.tsx'
import { useKeys } from './keys.ts'
import { Marks, markKeys, useMark } from './marks.tsx'
import { focusNote, Notes, useCategory } from './notes.tsx'
import { Panel } from './panel.tsx'
import { StatusLines } from './show-lists.tsx'
import { clockText, intoText } from './text.ts'
import { Ticking } from './ticking.tsx'

export interface ResponderPageProps {
  readonly told: Told
  readonly view: ResponderView
  onHelp(): void
}

/** Only what a responder would see: what the status page says, what comes in, and what the room has marked and noted. */
export function ResponderPage({ told, view, onHelp }: ResponderPageProps) {
  const doMark = useMark()
  const [category, setCategory] = useCategory()
  const isOff = view.stage !== 'running'
  const mark = (one: ResponderMark) => {
    if (!isOff) doMark(one)
  }
  useKeys({
    '?': onHelp,
    n: focusNote,
    [markKeys.detected]: () => mark('detected'),
    [markKeys.declared]: () => mark('declared'),
    [markKeys.mitigated]: () => mark('mitigated'),
    [markKeys.recovered]: () => mark('recovered'),
  })
  return (
    <div class="columns room">
      <div class="column">
        <Panel id="now" title="Now">
          <Ticking t={view.t} at={told.viewAt} speed={view.speed} runs={!isOff && told.link.state === 'open'}>
            {t => (
              <p id="clock" class="clock" role="timer" aria-label="Time of the exercise">
                {clockText(t)} <span class="small">into the exercise</span>
              </p>
            )}
          </Ticking>
          {view.stage === 'lobby' && <p id="stage">The exercise has not begun.</p>}
          {view.stage === 'running' && <p id="stage">The exercise is on. The clock counts from its beginning.</p>}
          {view.stage === 'ended' && <p id="stage">The exercise has ended.</p>}
          {view.stage === 'lobby' && view.briefing.map(paragraph => <p key={paragraph}>{paragraph}</p>)}
          <ul class="links">
            {view.statusPage && (
              <li>
                <a id="status-page" href={view.statusPage} target="_blank" rel="noreferrer">
                  Status page of the provider
                </a>
              </li>
            )}
            {view.app && (
              <li>
                <a id="app" href={view.app} target="_blank" rel="noreferrer">
                  The app
                </a>
              </li>
            )}
          </ul>
        </Panel>
        <Marks title="Where we are" marks={view.marks} isOff={isOff} hasKeys timeText={intoText} onMark={mark} />
        <Panel id="status" title="The status page says">
          <StatusLines status={view.status} />
        </Panel>
      </div>
      <div class="column">
        <Inbox key={view.show} show={view.show} entries={told.entries} title={view.title} />
      </div>
      <div class="column">
        <Notes
          entries={told.entries}
          category={category}
          isQuick={false}
          timeText={intoText}
          onCategory={setCategory}
        />
      </div>
    </div>
  )
}
