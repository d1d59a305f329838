import { statusAt } from '../model/status.ts'
import type { Plan } from '../model/timeline.ts'
import { componentDocument, componentsOf, type Shown } from '../providers/statuspage/components.ts'
import { isOpen, overall } from '../providers/statuspage/documents.ts'
import type { StatusLine } from './protocol.ts'
import { pagesAt } from './status-page/sites.ts'

/** What the status pages of the providers show at `t`, late and wrong words included: nothing of what is really so. */
export function statusLines(plan: Plan, t: number): readonly StatusLine[] {
  return pagesAt(plan, t).map(({ provider, site }): StatusLine => {
    const view = statusAt(plan, provider, t)
    // Whoever cannot reach the page does not see what stands there.
    if (view.page === 'unreachable') return { page: site.name, state: 'unreachable', components: [] }
    const shown: Shown = { site, view, instant: () => '' }
    const says = view.incidents.find(({ state }) => isOpen(state))?.updates.find(update => update.says)?.says
    return {
      page: site.name,
      state: overall(shown).description,
      components: componentsOf(shown).map((component, i) => {
        const { name, status } = componentDocument(component, i + 1, shown)
        return { name, status }
      }),
      ...(says !== undefined && { says }),
    }
  })
}
