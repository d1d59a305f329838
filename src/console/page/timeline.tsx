import type { FacilitatorView, PhaseLine } from '../protocol.ts'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { tickText } from './text.ts'
import { Ticking } from './ticking.tsx'

export interface ShowProps {
  readonly view: FacilitatorView
  readonly viewAt: number
  readonly runs: boolean
}

/** The phases as they are now, and where the show stands. */
export function Timeline({ view, viewAt, runs }: ShowProps) {
  const { phases, warmUpMs, endMs } = view
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
      <Phases phases={phases} warmUpMs={warmUpMs} now={nowIndex(phases, view)} isHeld={view.held} />
      {phases.length > 0 && <p class="soft small key">{keyText(phases)}</p>}
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
          width: percent(ending(to, endMs) - startMs, 0, endMs + warmUpMs),
        }}
      />
    ))}
  </>
))

interface PhasesProps {
  readonly phases: readonly PhaseLine[]
  readonly warmUpMs: number
  readonly now: number
  readonly isHeld: boolean
}

const Phases = memo(({ phases, warmUpMs, now, isHeld }: PhasesProps) => (
  <ol class="phases">
    {warmUpMs > 0 && (
      <li class={now === -1 ? 'now' : ''}>
        <b>warm-up</b>
        <span class="soft">{tickText(-warmUpMs)}</span>
      </li>
    )}
    {phases.map(({ name, startMs, endMs, note, isFaulty }, index) => (
      <li key={name} class={index === now ? 'now' : ''} aria-current={index === now ? 'step' : undefined}>
        <b>{name}</b>
        <span class="soft">
          {tickText(startMs)} to{' '}
          {Number.isFinite(endMs) && !(isHeld && index === now) ? tickText(endMs) : 'its release'}
        </span>
        {isFaulty ? <span class="tag faulty">faults</span> : <span class="tag fine">no faults</span>}
        {index === now && <span class="tag here-tag">now</span>}
        {note && <span class="soft note">{note}</span>}
      </li>
    ))}
  </ol>
))

/** -1 in the warm-up; past the last phase, none. */
function nowIndex(phases: readonly PhaseLine[], { t, held, phase, stage }: FacilitatorView): number {
  if (stage === 'lobby' || stage === 'ended') return Number.NaN
  const named = phases.findIndex(({ name }) => name === phase)
  if (named !== -1 || held) return named
  if (t < 0) return -1
  const index = phases.findLastIndex(({ startMs }) => startMs <= t)
  const line = phases[index]
  return line && t < line.endMs ? index : Number.NaN
}

/** A phase that is held has no end yet. */
function ending(endMs: number | null, showMs: number): number {
  return endMs !== null && Number.isFinite(endMs) ? Math.min(endMs, showMs) : showMs
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
