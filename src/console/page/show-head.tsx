import type { ComponentChildren } from 'preact'
import type { FacilitatorView } from '../protocol.ts'
import { countText, spanText, tickText } from './text.ts'
import { Ticking } from './ticking.tsx'
import type { ShowProps } from './timeline.tsx'

const stages: Readonly<Record<FacilitatorView['stage'], string>> = {
  lobby: 'Not begun',
  starting: 'Starting',
  'steady-state': 'Steady state: is the app well?',
  outage: 'Outage',
  healed: 'Healed: does the app recover?',
  ended: 'Ended',
}

/** Where the show stands: the clock, the phase and what is left of it, and whether it is held. */
export function ShowHead({ view, viewAt, runs, children }: ShowProps & { readonly children?: ComponentChildren }) {
  const { stage, phase, phaseEndsAt, held, attempts, tasks, people, speed } = view
  return (
    <div class="head-facts">
      <Ticking t={view.t} at={viewAt} speed={speed} runs={runs}>
        {t => (
          <>
            <p id="clock" class="clock" role="timer" aria-label="Time of the show">
              {tickText(t)}
            </p>
            <dl class="facts">
              <div>
                <dt>Stage</dt>
                <dd id="stage">{stages[stage]}</dd>
              </div>
              <div>
                <dt>Phase</dt>
                <dd id="phase">{phase || '–'}</dd>
              </div>
              <div>
                <dt>Left of it</dt>
                <dd id="left" class="n-left">
                  {stage === 'ended' ? '–' : left(held, phaseEndsAt, t)}
                </dd>
              </div>
            </dl>
          </>
        )}
      </Ticking>
      <dl class="facts">
        <div>
          <dt>Attempts per call</dt>
          <dd>{attempts.perCall.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Open</dt>
          <dd>
            {countText(tasks.open, 'task')}, {countText(attempts.open, 'attempt')}
          </dd>
        </div>
        <div>
          <dt>Here</dt>
          <dd>
            {people.facilitator} leading, {people.responder} responding, {people.observer} watching
          </dd>
        </div>
        {speed !== 1 && (
          <div>
            <dt>Speed</dt>
            <dd>{speed} times</dd>
          </div>
        )}
      </dl>
      <p id="held" role="status" class={held ? 'held' : 'unseen'}>
        {held ? 'Held: its faults stay on until it is released.' : ''}
      </p>
      {children}
    </div>
  )
}

function left(held: boolean, endsAt: number | undefined, t: number): string {
  if (held) return 'held'
  return endsAt === undefined ? '–' : spanText(endsAt - t)
}
