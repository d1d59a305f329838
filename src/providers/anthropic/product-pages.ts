import type { Recognised } from '../provider.ts'

interface Page {
  readonly type: string
  readonly text: string
}

/** The least that a healthy product or status page says. */
export function productPage({ surface, route }: Recognised, nowMs: number): Page {
  if (surface === 'status') return statusPage(route ?? '', nowMs)
  if (surface === 'chat' || surface === 'code') return json({ type: surface, status: 'ok' })
  const title = surface === 'login' ? 'Sign in' : 'Claude Console'
  return html(
    `<!DOCTYPE html>\n<html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  )
}

const pageId = 'tymt9n04zgry'

const components = [
  ['rwppv331jlwc', 'claude.ai', 1, '2023-07-11T17:52:24.275Z'],
  ['k8w3r06qmzrp', 'Claude API (api.anthropic.com)', 3, '2023-07-11T17:53:10.880Z'],
  ['yyzkbfz2thpt', 'Claude Code', 5, '2025-05-22T21:35:29.822Z'],
] as const

/** Atlassian Statuspage, public API v2, all green. */
function statusPage(route: string, nowMs: number): Page {
  // An old date on purpose: the page's own time moves with incidents only.
  const updatedAt = new Date(nowMs - 86_400_000).toISOString()
  const page = {
    id: pageId,
    name: 'Claude',
    url: 'https://status.claude.com',
    time_zone: 'Etc/UTC',
    updated_at: updatedAt,
  }
  const status = { indicator: 'none', description: 'All Systems Operational' }
  const name = /\/api\/v2\/([a-z-]+(?:\/[a-z]+)?)\.json$/.exec(route)?.[1]
  switch (name) {
    case 'status':
      return json({ page, status })
    case 'summary':
      return json({ page, components: green(), incidents: [], scheduled_maintenances: [], status })
    case 'components':
      return json({ page, components: green() })
    case 'incidents':
    case 'incidents/unresolved':
      return json({ page, incidents: [] })
    default:
      return html(
        '<!DOCTYPE html>\n<html lang="en"><head><title>Claude Status</title></head><body>All Systems Operational</body></html>\n',
      )
  }
}

function green() {
  return components.map(([id, name, position, createdAt]) => ({
    id,
    name,
    status: 'operational',
    created_at: createdAt,
    updated_at: createdAt,
    position,
    description: null,
    showcase: true,
    start_date: createdAt.slice(0, 10),
    group_id: null,
    page_id: pageId,
    group: false,
    only_show_if_degraded: false,
  }))
}

function json(value: unknown): Page {
  return { type: 'application/json; charset=utf-8', text: JSON.stringify(value) }
}

function html(text: string): Page {
  return { type: 'text/html; charset=utf-8', text }
}
