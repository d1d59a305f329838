import { useState } from 'preact/hooks'
import type { CheckLine } from '../protocol.ts'
import { useAct } from './act.ts'
import { Panel } from './panel.tsx'

const words = {
  go: 'go',
  'no-go': 'no-go',
  later: 'looked at later',
  ask: 'to be ticked off',
  warning: 'mind',
} as const

/** What must hold before it begins; the facilitator ticks off what no tool can see, and gives the word. */
export function Lobby({ checks, canStart }: { readonly checks: readonly CheckLine[]; readonly canStart: boolean }) {
  const act = useAct()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const tick = (what: string, on: boolean) =>
    setTicked(last => new Set(on ? [...last, what] : [...last].filter(one => one !== what)))
  const open = checks.filter(({ state, what }) => state === 'no-go' || (state === 'ask' && !ticked.has(what)))
  return (
    <Panel id="checks" title="Go or no-go">
      {checks.length === 0 && <p>Nothing to check.</p>}
      <ul class="checks">
        {checks.map(({ what, state, why }) => (
          <li key={what}>
            {state === 'ask' && canStart ? (
              <label class="check">
                <input
                  type="checkbox"
                  checked={ticked.has(what)}
                  onChange={event => tick(what, event.currentTarget.checked)}
                />
                <span>
                  {what} <span class="soft">{why}</span>
                </span>
              </label>
            ) : (
              <>
                <span class={`tag ${state}`}>{words[state]}</span>
                <span>
                  {what} <span class="soft">{why}</span>
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
      {canStart && (
        <div class="row">
          <button
            type="button"
            class="primary"
            id="start"
            disabled={open.length > 0}
            aria-describedby="start-says"
            onClick={() => void act({ do: 'start', confirmed: [...ticked] })}
          >
            Start
          </button>
          <p id="start-says" class="soft small">
            {open.length === 0 ? 'All is go.' : `Still open: ${open.map(({ what }) => what).join('; ')}.`}
          </p>
        </div>
      )}
      {!canStart && <p class="soft">The facilitator gives the word.</p>}
    </Panel>
  )
}
