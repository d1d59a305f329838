import { useState } from 'preact/hooks'
import { type FacilitatorView, noteCategories, type Problem } from '../protocol.ts'
import { Abort } from './abort.tsx'
import { useAct } from './act.ts'
import { Charts } from './charts.tsx'
import { Controls, unsteered } from './controls.tsx'
import { Aborting, Ending } from './ending.tsx'
import { FaultForm } from './fault-form.tsx'
import type { Told } from './feed.ts'
import { Jumps } from './jumps.tsx'
import { useKeys } from './keys.ts'
import { Links } from './links.tsx'
import { Lobby } from './lobby.tsx'
import { Log } from './log.tsx'
import { Marks, marksOf, useMark } from './marks.tsx'
import { focusNote, Notes, useCategory } from './notes.tsx'
import { Panel } from './panel.tsx'
import { SayForm } from './say-form.tsx'
import { ShowHead } from './show-head.tsx'
import { Cues, Faults, Findings, Status, Stops } from './show-lists.tsx'
import { tickText } from './text.ts'
import { Timeline } from './timeline.tsx'

export interface ShowPageProps {
  readonly told: Told
  readonly view: FacilitatorView
  onHelp(): void
  onProblem(problem: Problem): void
}

/** The whole show; with what steers it for the facilitator alone. */
export function ShowPage({ told, view, onHelp, onProblem }: ShowPageProps) {
  const act = useAct()
  const doMark = useMark()
  const leads = view.role === 'facilitator'
  const { links, stage } = view
  const isLobby = stage === 'lobby'
  const isOver = stage === 'ended'
  const isOn = !isLobby && !isOver
  const [category, setCategory] = useCategory()
  const [isAsking, setAsking] = useState(false)
  // Between the word and the first view that tells of it.
  const [hasAborted, setAborted] = useState(false)
  const off = unsteered(stage)
  const steer = (deed: () => void) => (off === undefined ? deed : () => onProblem({ message: off }))
  useKeys({
    '?': onHelp,
    n: focusNote,
    ...(!leads && quickNotes(setCategory)),
    ...(leads &&
      isOn && {
        h: steer(() => void act({ do: view.held ? 'release' : 'hold' })),
        s: steer(() => void act({ do: 'skip' })),
        e: steer(() => document.querySelector<HTMLButtonElement>('#extend')?.click()),
        i: () => focus('#inject-surface'),
        t: () => focus('#say-kind'),
        x: () => setAsking(true),
      }),
  })
  const head = { view, viewAt: told.viewAt, runs: isOn && stage !== 'starting' && told.link.state === 'open' }
  return (
    <>
      <Jumps steers={leads && isOn} />
      <ShowHead {...head}>
        {!isOver && (hasAborted || view.aborting) && <Aborting />}
        {view.ending && (
          <button type="button" id="to-ending" onClick={() => focus('#ending')}>
            How it ended
          </button>
        )}
        {leads && isOn && (
          <Controls view={view} onAbort={() => setAsking(true)} onExtend={by => void act({ do: 'extend', by })} />
        )}
      </ShowHead>
      <div class={leads ? 'columns wide-left' : 'columns wide-left scribe'}>
        {!leads && (
          <div class="column">
            <Notes entries={told.entries} category={category} isQuick timeText={tickText} onCategory={setCategory} />
          </div>
        )}
        <div class="column">
          {view.ending && <Ending ending={view.ending} canClose={leads} onProblem={onProblem} />}
          {view.notices.length > 0 && (
            <Panel id="notices" title="To know">
              <ul>
                {view.notices.map(notice => (
                  <li key={notice}>{notice}</li>
                ))}
              </ul>
            </Panel>
          )}
          {isLobby && <Briefing briefing={view.briefing} />}
          {(isLobby || stage === 'starting') && <Lobby checks={view.checks} canStart={leads && isLobby} />}
          <Timeline {...head} />
          {!isLobby && <Charts bins={told.bins} phases={view.phases} />}
          {!isLobby && <Faults faults={view.faults} canEnd={leads && isOn} />}
          {!isLobby && <Findings findings={view.findings} isOver={isOver} />}
          {leads && isOn && (
            <div class="pair">
              <FaultForm surfaces={view.surfaces} faultIds={view.faultIds} off={off} />
              <SayForm />
            </div>
          )}
        </div>
        <div class="column">
          {links && isLobby && <Links links={links} isLobby />}
          {!isOver && <Cues next={view.next} />}
          {!isLobby && <Stops stops={view.stops} />}
          <Status status={view.status} statusPage={view.statusPage} />
          {leads && !isLobby && (
            <Marks
              title="Marks of the room"
              marks={marksOf(told.entries)}
              isOff={!isOn}
              hasKeys={false}
              timeText={tickText}
              onMark={doMark}
            />
          )}
          {leads && (
            <Notes
              entries={told.entries}
              category={category}
              isQuick={false}
              timeText={tickText}
              onCategory={setCategory}
            />
          )}
          <Log entries={told.entries} />
          {links && !isLobby && <Links links={links} isLobby={false} />}
        </div>
      </div>
      {leads && <Abort isOpen={isAsking} onClose={() => setAsking(false)} onAborted={setAborted} />}
    </>
  )
}

function Briefing({ briefing }: Pick<FacilitatorView, 'briefing'>) {
  if (briefing.length === 0) return null
  return (
    <Panel id="briefing" title="What it is for">
      {briefing.map(paragraph => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </Panel>
  )
}

function quickNotes(choose: (category: (typeof noteCategories)[number]) => void): Record<string, () => void> {
  return Object.fromEntries(
    noteCategories.map((category, index) => [
      String(index + 1),
      () => {
        choose(category)
        focusNote()
      },
    ]),
  )
}

function focus(selector: string): void {
  const field = document.querySelector<HTMLElement>(selector)
  field?.scrollIntoView({ block: 'center' })
  field?.focus()
}
