import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Problem, Role } from '../protocol.ts'
import { type Deeds, DeedsContext, deedsOf } from './act.ts'
import { Connection } from './connection.tsx'
import type { Feed } from './feed.ts'
import { Help } from './help.tsx'
import type { Place } from './place.ts'
import { Problems } from './problems.tsx'
import { ResponderPage } from './responder-page.tsx'
import { ShowPage } from './show-page.tsx'

const titles: Readonly<Record<Role, string>> = {
  facilitator: 'Facilitator',
  responder: 'Responder',
  observer: 'Observer and scribe',
}

/** One role's page, as the feed tells it. */
export function Page({ feed, place }: { readonly feed: Feed; readonly place: Place }) {
  const [told, setTold] = useState(feed.told)
  const [problem, setProblem] = useState<Problem>()
  const [isHelp, setHelp] = useState(false)
  useEffect(() => {
    const tell = () => setTold(feed.told)
    // What was told before somebody listened is told now.
    tell()
    return feed.listen(tell)
  }, [feed])
  const deeds = useMemo<Deeds>(() => {
    const plain = deedsOf(place.token)
    return {
      ...plain,
      act: async action => {
        const refused = await plain.act(action)
        setProblem(refused)
        return refused
      },
    }
  }, [place.token])
  const { view, link } = told
  useEffect(() => {
    if (view && view.role !== 'responder') document.title = `${view.title}: ${titles[view.role].toLowerCase()}`
  }, [view])
  const onHelp = () => setHelp(true)
  return (
    <DeedsContext.Provider value={deeds}>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads where it says, without the address, whose fragment is the token */}
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header>
        <div class="head">
          <div class="titles">
            <p class="soft small" id="role">
              {titles[place.role]}
            </p>
            <h1>{view?.title ?? 'Game day'}</h1>
          </div>
          <Connection link={link} onRetry={() => feed.hurry()} />
          <button type="button" id="keys" onClick={onHelp}>
            Keys <kbd>?</kbd>
          </button>
        </div>
      </header>
      <Problems problem={problem} onClose={() => setProblem(undefined)} />
      <main id="main" tabIndex={-1}>
        {!view && (
          <p class="panel">{link.state === 'refused' ? 'There is nothing to see here.' : 'Waiting for the show.'}</p>
        )}
        {view?.role === 'responder' && <ResponderPage told={told} view={view} onHelp={onHelp} />}
        {view && view.role !== 'responder' && (
          <ShowPage told={told} view={view} onHelp={onHelp} onProblem={setProblem} />
        )}
      </main>
      <Help role={place.role} isOpen={isHelp} onClose={() => setHelp(false)} />
    </DeedsContext.Provider>
  )
}

/** The address keeps its fragment, which a reload needs. */
function skip(event: Event): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}
