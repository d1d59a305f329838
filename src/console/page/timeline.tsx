import type { FacilitatorView, PhaseLine } from '../protocol.ts'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { clockText, spanText, tickText } from './text.ts'
import { Ticking } from './ticking.tsx'

export interface ShowProps {
  readonly view: FacilitatorView
  readonly viewAt: number
  readonly runs: boolean
}

/** The phases as they are now, and where the show stands. */
export function Timeline({ view, viewAt, runs }: ShowProps) {
  const { phases, warmUpMs, lengthMs, endMs } = view
  return (
    <Panel id="timeline" title="Phases">
      <Ticking t={view.t} at={viewAt} speed={view.speed} runs={runs}>
        {t => (
          <div class="strip" aria-hidden="true">
            <Bars phases={phases} warmUpMs={warmUpMs} endMs={endMs} />
            <i class="here" style={{ left: percent(t, -warmUpMs, endMs) }} />
          </div>
        )}
      </Ticking>
      <Phases {...{ phases, warmUpMs, lengthMs, endMs }} now={nowIndex(phases, view)} isHeld={view.held} />
      {phases.length > 0 && <p class="soft small key">{keyText(phases)}</p>}
      {warmUpMs > 0 && (
        <p class="soft small" id="responders-clock">
          Responders’ clock is {spanText(warmUpMs)} ahead: it counts from the beginning of the warm-up. Their{' '}
          {clockText(warmUpMs)} is {tickText(0)}, which they are not told.
        </p>
      )}
    </Panel>
  )
}

const Bars = memo(({ phases, warmUpMs, endMs }: Pick<FacilitatorView, 'phases' | 'warmUpMs' | 'endMs'>) => (
  <>
    {phases.map(({ name, startMs, endMs: to, isFaulty }) => (
      <i
        key={name}
        class={isFaulty ? 'faulty' : 'fine'}
        style={{
          left: percent(startMs, -warmUpMs, endMs),
          width: percent(to - startMs, 0, endMs + warmUpMs),
        }}
      />
    ))}
  </>
))

interface PhasesProps extends Pick<FacilitatorView, 'phases' | 'warmUpMs' | 'lengthMs' | 'endMs'> {
  /** Of `phases`; -1 in the warm-up, as many as there are once all is healed. */
  readonly now: number
  readonly isHeld: boolean
}

const Phases = memo(({ phases, warmUpMs, lengthMs, endMs: showMs, now, isHeld }: PhasesProps) => (
  <ol class="phases">
    {warmUpMs > 0 && <Healthy name="warm-up" from={-warmUpMs} to={0} isNow={now === -1} />}
    {phases.map(({ name, startMs, endMs, note, isFaulty }, index) => (
      <li key={name} class={index === now ? 'now' : ''} aria-current={index === now ? 'step' : undefined}>
        <b>{name}</b>
        <span class="soft">
          {tickText(startMs)} to {isHeld && index === now ? 'its release' : tickText(endMs)}
        </span>
        {isFaulty ? <span class="tag faulty">faults</span> : <span class="tag fine">no faults</span>}
        {index === now && <span class="tag here-tag">now</span>}
        {note && <span class="soft note">{note}</span>}
      </li>
    ))}
    {showMs > lengthMs && <Healthy name="after it" from={lengthMs} to={showMs} isNow={now === phases.length} />}
  </ol>
))

interface HealthyProps {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly isNow: boolean
}

function Healthy({ name, from, to, isNow }: HealthyProps) {
  return (
    <li class={isNow ? 'now' : ''} aria-current={isNow ? 'step' : undefined}>
      <b>{name}</b>
      <span class="soft">
        {tickText(from)} to {tickText(to)}
      </span>
      <span class="tag fine">no faults</span>
      {isNow && <span class="tag here-tag">now</span>}
    </li>
  )
}

function nowIndex(phases: readonly PhaseLine[], { t, held, phase, stage }: FacilitatorView): number {
  if (stage === 'lobby' || stage === 'ended') return Number.NaN
  const named = phases.findIndex(({ name }) => name === phase)
  if (named !== -1 || held) return named
  if (stage === 'healed') return phases.length
  if (t < 0) return -1
  const index = phases.findLastIndex(({ startMs }) => startMs <= t)
  const line = phases[index]
  return line && t < line.endMs ? index : Number.NaN
}

function percent(value: number, from: number, to: number): string {
  const share = to > from ? (value - from) / (to - from) : 0
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`
}

function keyText(phases: readonly PhaseLine[]): string {
  return phases.some(({ isFaulty }) => isFaulty)
    ? 'Hatched is where something is broken; the line is now.'
    : 'Nothing is broken in any phase; the line is now.'
}
