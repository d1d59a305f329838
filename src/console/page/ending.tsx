import { useContext, useEffect, useState } from 'preact/hooks'
import type { EndingLine, Problem } from '../protocol.ts'
import { DeedsContext } from './act.ts'
import { Panel } from './panel.tsx'
import { openPaper, savePaper } from './paper.ts'

/** Seconds since the word to stop, until every fault was seen to be gone. */
export function Aborting() {
  const [since] = useState(() => performance.now())
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return (
    <p class="held" id="aborting">
      Aborting: not yet clear after <span role="timer">{((now - since) / 1_000).toFixed(1)} s</span>
    </p>
  )
}

export interface EndingProps {
  readonly ending: EndingLine
  readonly canClose: boolean
  onProblem(problem: Problem): void
}

/** How it ended, whether all is clear, and the papers. */
export function Ending({ ending, canClose, onProblem }: EndingProps) {
  const deeds = useContext(DeedsContext)
  const { verdict, reason, exitCode, allClearMs, leftovers, papers } = ending
  const get = async (name: string, use: (paper: Blob) => void | Promise<void>) => {
    const paper = await deeds.paper(name)
    if (paper instanceof Blob) await use(paper)
    else onProblem(paper)
  }
  return (
    <Panel id="ending" title="The show has ended">
      <div role="status">
        <p>
          <span class={`tag ${verdict === 'pass' ? 'go' : 'no-go'}`}>{verdict}</span> {reason}{' '}
          <span class="soft">Exit code {exitCode}.</span>
        </p>
        {allClearMs !== undefined && (
          <p id="all-clear">
            All clear <b>{(allClearMs / 1_000).toFixed(1)} s</b> after the word to stop.
          </p>
        )}
        {leftovers.length === 0 ? (
          <p id="clean-up">The clean-up was verified: nothing was left behind.</p>
        ) : (
          <div id="clean-up" class="bad-box">
            <p>
              <b>Something was left behind. See to it by hand:</b>
            </p>
            <ul>
              {leftovers.map(one => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <h3>Papers</h3>
      {papers.length === 0 && <p>They are being written.</p>}
      <ul class="papers">
        {papers.map(name => (
          <li key={name}>
            <span>{name}</span>
            <button
              type="button"
              onClick={() => {
                // The window is opened by the click itself; browsers block one that comes later.
                const target = open('', '_blank')
                void get(name, paper => openPaper(target, name, paper))
              }}
            >
              Open<span class="unseen"> {name}</span>
            </button>
            <button type="button" onClick={() => void get(name, paper => savePaper(name, paper))}>
              Download<span class="unseen"> {name}</span>
            </button>
          </li>
        ))}
      </ul>
      {canClose && (
        <div class="row">
          <button type="button" id="close-console" onClick={() => void deeds.act({ do: 'close' })}>
            Close the console
          </button>
          <p class="soft small">Ends it for everybody; the journal and its papers stay.</p>
        </div>
      )}
    </Panel>
  )
}
