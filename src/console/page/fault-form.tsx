import { useState } from 'preact/hooks'
import type { FacilitatorView } from '../protocol.ts'
import { useAct } from './act.ts'
import { durationPattern } from './controls.tsx'
import { faultOf } from './fault-text.ts'
import { useField } from './field.ts'
import { Panel } from './panel.tsx'

export interface FaultFormProps extends Pick<FacilitatorView, 'surfaces' | 'faultIds'> {
  /** Why nothing can be injected now. */
  readonly off: string | undefined
}

/** Any fault on any surface, for a share of what is asked, for a time. */
export function FaultForm({ surfaces, faultIds, off }: FaultFormProps) {
  const act = useAct()
  const surface = useField('inject-surface', '')
  const fault = useField('inject-fault', '')
  const options = useField('inject-options', '')
  const share = useField('inject-share', '')
  const time = useField('inject-for', '')
  const [said, setSaid] = useState('')
  // While somebody fills it in, the order does not change under their hand, nor what stands at the head of it.
  const [kept, setKept] = useState<readonly string[]>()
  const listed = kept ?? surfaces
  // The first of a list is what is shown, though nobody has chosen it.
  const [where, what] = [surface.value || (listed[0] ?? ''), fault.value || (faultIds[0]?.id ?? '')]
  const inject = async () => {
    const problem = await act({
      do: 'inject',
      surface: where,
      fault: faultOf(what, options.value),
      ...(share.value.trim() !== '' && { share: share.value.trim() }),
      ...(time.value.trim() !== '' && { for: time.value.trim() }),
    })
    setSaid(problem ? '' : `Injected: ${what} on ${where}.`)
  }
  return (
    <Panel id="inject" title="Inject a fault">
      <form
        class="fields"
        onFocusIn={() => {
          if (!kept) setKept(listed)
          if (surface.value === '') surface.set(where)
        }}
        onFocusOut={event => {
          const { relatedTarget: to, currentTarget: form } = event
          if (!(to instanceof Node && form.contains(to))) setKept(undefined)
        }}
        onSubmit={event => {
          event.preventDefault()
          if (off === undefined) void inject()
        }}
      >
        <p>
          <label for="inject-surface">Surface</label>
          <select {...surface.props} value={where}>
            {listed.map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </p>
        <p>
          <label for="inject-fault">Fault</label>
          <select {...fault.props} value={what} aria-describedby="inject-says">
            {faultIds.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </p>
        <p>
          <label for="inject-share">Share (empty: all)</label>
          <input
            {...share.props}
            placeholder="30%"
            pattern="\d+(\.\d+)?%"
            title="A share such as 30%"
            autocomplete="off"
          />
        </p>
        <p>
          <label for="inject-for">For (empty: to the end)</label>
          <input
            {...time.props}
            placeholder="5m"
            pattern={durationPattern}
            title="A duration such as 90s, 5m or 1h30m"
            autocomplete="off"
          />
        </p>
        <p class="wide-field">
          <label for="inject-options">Options (may stay empty)</label>
          <input {...options.props} placeholder="retry_after: 30s" autocomplete="off" />
        </p>
        <p id="inject-says" class="soft small wide-field">
          {faultIds.find(({ id }) => id === what)?.says}
        </p>
        <p class="wide-field row">
          <button type="submit" id="inject-send" disabled={off !== undefined} aria-describedby="inject-off">
            Inject
          </button>
          <span role="status" class="soft">
            {off === undefined && said}
          </span>
          <span id="inject-off" class="soft">
            {off}
          </span>
        </p>
      </form>
    </Panel>
  )
}
