import type { CueLine, FaultLine, FindingLine, StatusLine, StopLine } from '../protocol.ts'
import { useAct } from './act.ts'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { countText, shareText, tickText } from './text.ts'

/** What comes next. */
export const Cues = memo(({ next }: { readonly next: readonly CueLine[] }) => (
  <Panel id="next" title="Next">
    {next.length === 0 && <p class="soft">Nothing more is planned.</p>}
    <ol class="moments">
      {next.map(cue => (
        <li key={`${cue.t} ${cue.kind} ${cue.text}`}>
          <span class="time">{tickText(cue.t)}</span>
          <span class="tag">{cue.kind}</span>
          <span>
            {cue.text}
            {cue.owner && <span class="soft"> ({cue.owner})</span>}
            {cue.expected && <span class="soft note">Hoped for: {cue.expected}</span>}
          </span>
        </li>
      ))}
    </ol>
  </Panel>
))

/** What the provider's page says, beside what is really so. */
export const Status = memo(
  ({ status, statusPage }: { readonly status: readonly StatusLine[]; readonly statusPage: string | undefined }) => (
    <Panel
      id="status"
      title="Status page"
      aside={
        statusPage && (
          <a href={statusPage} target="_blank" rel="noreferrer">
            Open it
          </a>
        )
      }
    >
      <StatusLines status={status} />
    </Panel>
  ),
)

export function StatusLines({ status }: { readonly status: readonly StatusLine[] }) {
  if (status.length === 0) return <p class="soft">It says nothing yet.</p>
  return (
    <>
      {status.map(({ page, state, components, says }) => (
        <div key={page} class="status-page">
          <p>
            <b>{page}</b> <span class="tag">{state}</span>
          </p>
          {says && <blockquote>{says}</blockquote>}
          <ul class="components">
            {components.map(({ name, status: is }) => (
              <li key={name}>
                <span>{name}</span>{' '}
                <span class={is === 'operational' ? 'soft' : 'strong'}>{is.replaceAll('_', ' ')}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}

/** What would stop the drill by itself, and how far it is from that. */
export const Stops = memo(({ stops }: { readonly stops: readonly StopLine[] }) => (
  <Panel id="stops" title="Stop conditions">
    {stops.length === 0 && <p class="soft">None: only a person stops it.</p>}
    <ul class="stops">
      {stops.map(({ says, above, now }) => (
        <li key={says}>
          <span>{says}</span>
          {now === undefined ? (
            <span class="soft">too few tasks have settled to tell</span>
          ) : (
            <>
              <meter
                min={0}
                max={Math.max(above, now)}
                high={above * 0.8}
                low={above * 0.5}
                optimum={0}
                value={now}
                aria-label={says}
              >
                {shareText(now)}
              </meter>
              <span class={now > above ? 'strong' : 'soft'}>
                {shareText(now)} of {shareText(above)}: {now > above ? 'met' : `${shareText(above - now)} to go`}
              </span>
            </>
          )}
        </li>
      ))}
    </ul>
  </Panel>
))

/** Whether each fault was really felt. */
export const Faults = memo(
  ({ faults, canEnd }: { readonly faults: readonly FaultLine[]; readonly canEnd: boolean }) => {
    const act = useAct()
    const injected = faults.filter(({ isInjected, when }) => isInjected && when === 'now')
    return (
      <Panel
        id="faults"
        title="Faults"
        aside={<span class="soft">{countText(faults.length, 'entry').replace('entrys', 'entries')}</span>}
      >
        {injected.length > 0 && (
          <ul id="injected" class="papers" aria-label="Injected by hand">
            {injected.map(({ entry, id, surface }) => (
              <li key={entry}>
                <span>
                  <b>{id}</b> on {surface.join(', ')}, by hand
                </span>
                {canEnd && (
                  <button type="button" onClick={() => void act({ do: 'stop-injected', entry })}>
                    End now
                    <span class="unseen">
                      {' '}
                      {id} on {surface.join(', ')}
                    </span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <section class="scroll" tabIndex={0} aria-label="Table of faults">
          <table class="cards">
            <thead>
              <tr>
                <th scope="col">Fault</th>
                <th scope="col">Where</th>
                <th scope="col">Phase</th>
                <th scope="col">When</th>
                <th scope="col">Landed</th>
                <th scope="col" class="n">
                  Hits
                </th>
              </tr>
            </thead>
            <tbody>
              {faults.map(fault => (
                <FaultRow key={fault.entry} fault={fault} />
              ))}
            </tbody>
          </table>
        </section>
      </Panel>
    )
  },
)

const FaultRow = memo(({ fault }: { readonly fault: FaultLine }) => {
  const { id, surface, phase, status, hits, eligible, when, isInjected, hint } = fault
  const isAhead = when === 'to come' || when === 'not reached'
  return (
    <tr>
      <th scope="row">
        {id}
        {isInjected && <span class="soft"> by hand</span>}
      </th>
      <td data-label="Where">{surface.join(', ')}</td>
      <td data-label="Phase">{phase}</td>
      <td data-label="When">
        <span class={when === 'now' ? 'tag faulty' : 'soft'}>{when}</span>
      </td>
      <td data-label="Landed">
        {isAhead ? '–' : status}
        {hint && !isAhead && <span class="soft note">{hint}</span>}
      </td>
      <td class="n" data-label="Hits">
        {hits} of {eligible}
      </td>
    </tr>
  )
})

/** What the oracles have found so far. */
export const Findings = memo(
  ({ findings, isOver }: { readonly findings: readonly FindingLine[]; readonly isOver: boolean }) => (
    <Panel id="findings" title="Findings" aside={<span class="soft">{findings.length}</span>}>
      {findings.length === 0 && <p class="soft">None{isOver ? '' : ' so far'}.</p>}
      <ul class="findings" aria-live="polite">
        {findings.map(({ oracle, severity, message, phase }) => (
          <li key={`${oracle} ${phase} ${message}`}>
            <span class={`tag ${severity === 'fail' ? 'no-go' : 'ask'}`}>{severity}</span>
            <span>
              <b>{oracle}</b> {message} <span class="soft">({phase})</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  ),
)
