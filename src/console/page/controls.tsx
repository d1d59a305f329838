import type { FacilitatorView } from '../protocol.ts'
import { useAct } from './act.ts'
import { useField } from './field.ts'

export interface ControlsProps {
  readonly view: FacilitatorView
  onAbort(): void
  onExtend(by: string): void
}

const extendByDefault = '5m'

/** What steers the phases. */
export function Controls({ view: { held, phases, stage, t }, onAbort, onExtend }: ControlsProps) {
  const act = useAct()
  const by = useField('extend-by', extendByDefault)
  const to = useField('goto-phase', '')
  const isOff = unsteered(stage) !== undefined
  // Nothing is played twice.
  const ahead = phases.filter(({ startMs }) => startMs > t)
  const target = ahead.some(({ name }) => name === to.value) ? to.value : (ahead[0]?.name ?? '')
  return (
    <section id="controls" class="controls" aria-label="Controls">
      <button type="button" id="hold" disabled={isOff} onClick={() => void act({ do: held ? 'release' : 'hold' })}>
        {held ? 'Release' : 'Hold'} <kbd>h</kbd>
      </button>
      <button type="button" id="skip" disabled={isOff} onClick={() => void act({ do: 'skip' })}>
        Skip <kbd>s</kbd>
      </button>
      <form
        class="joined"
        onSubmit={event => {
          event.preventDefault()
          onExtend(by.value)
        }}
      >
        <label class="unseen" for="extend-by">
          Extend by
        </label>
        <input {...by.props} size={5} required pattern={durationPattern} title="A duration such as 90s, 5m or 1h30m" />
        <button type="submit" id="extend" disabled={isOff}>
          Extend <kbd>e</kbd>
        </button>
      </form>
      <form
        class="joined"
        onSubmit={event => {
          event.preventDefault()
          void act({ do: 'goto', to: target })
        }}
      >
        <label class="unseen" for="goto-phase">
          Phase to go to
        </label>
        <select {...to.props} value={target}>
          {ahead.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button type="submit" id="goto" disabled={isOff || target === ''}>
          Go to
        </button>
      </form>
      <button type="button" id="abort" class="danger" onClick={onAbort}>
        Abort <kbd>x</kbd>
      </button>
    </section>
  )
}

/** Why nothing can be steered now: before the first phase and after the last there is nothing to steer. */
export function unsteered(stage: FacilitatorView['stage']): string | undefined {
  if (stage === 'outage') return undefined
  return stage === 'healed' || stage === 'ended'
    ? 'The outage is over: there is no phase to hold, skip or extend, and nothing to inject into.'
    : 'The outage has not begun: there is no phase to hold, skip or extend, and nothing to inject into.'
}

export const durationPattern = String.raw`(\d+(\.\d+)?(ms|[dhms]))+`
