import { expect, test } from 'vitest'
import { parseScenario } from '../../../src/index.ts'
import { type Effect, pass } from '../../../src/model/effect.ts'
import { statusAt } from '../../../src/model/status.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { providers } from '../../../src/providers/index.ts'
import { contextOf, get, nowMs, perform } from './perform.ts'

const minute = 60_000

/** The page of a scenario with these updates, some minutes after the first phase began. */
function pageAt(minutes: number, updates: readonly string[], effect: Effect = pass) {
  const { scenario } = parseScenario(
    'blackstart: 1\nid: said\nphases:\n  - { name: down, for: 10m }\n  - { name: up, for: 10m }\n' +
      `status_page: [${updates.join(', ')}]\n`,
  )
  if (!scenario) throw new Error('No scenario')
  const plan = compilePlan(scenario, new Map())
  const visit = (url: string) => {
    for (const provider of providers) {
      const found = provider.recognise(get(url, {}))
      if (!found) continue
      const view = statusAt(plan, provider.id, minutes * minute)
      const statusPage = () => ({ view, originMs: nowMs })
      const context = { ...contextOf({ nowMs: nowMs + minutes * minute }), statusPage }
      return provider.render(effect, found, context)
    }
    throw new Error(`Nobody answers ${url}`)
  }
  const text = async (url: string) => perform(visit(url)).text()
  const json = async (name: string, host = 'status.claude.com') =>
    JSON.parse(await text(`https://${host}/api/v2/${name}.json`))
  return { visit, text, json }
}

const outage = [
  '{ at: down + 4m, incident: investigating, impact: major, components: { api: major_outage, chat: partial_outage } }',
  '{ at: up, incident: monitoring, says: "A fix is <in> place.", components: { api: degraded_performance } }',
  '{ at: up + 5m, incident: resolved }',
]

test('a healthy page is green, and its time tells neither that of the poll nor when the outage is to come', async () => {
  const { json } = pageAt(1, outage)

  expect(await json('status')).toEqual({
    page: {
      id: 'tymt9n04zgry',
      name: 'Claude',
      url: 'https://status.claude.com',
      time_zone: 'Etc/UTC',
      updated_at: '2026-03-01T00:00:00.000Z',
    },
    status: { indicator: 'none', description: 'All Systems Operational' },
  })
  expect(await json('incidents')).toMatchObject({ incidents: [] })
  expect(await json('scheduled-maintenances/active')).toMatchObject({ scheduled_maintenances: [] })
})

test('an outage shows in the summary with its incident, its updates and its components', async () => {
  const { json } = pageAt(12, outage)
  const summary = await json('summary')

  expect(Object.keys(summary)).toEqual(['page', 'components', 'incidents', 'scheduled_maintenances', 'status'])
  expect(summary.page.updated_at).toBe('2026-03-02T11:10:00.000Z')
  expect(summary.status).toEqual({ indicator: 'major', description: 'Partial System Outage' })
  expect(summary.components.map((one: { name: string; status: string }) => [one.name, one.status])).toEqual([
    ['claude.ai', 'partial_outage'],
    ['Claude Console (platform.claude.com)', 'operational'],
    ['Claude API (api.anthropic.com)', 'degraded_performance'],
    ['Claude Code', 'operational'],
  ])
  const [incident] = summary.incidents
  expect(incident).toMatchObject({
    id: expect.stringMatching(/^[0-9a-z]{12}$/),
    name: 'Elevated errors',
    status: 'monitoring',
    impact: 'major',
    created_at: '2026-03-02T11:04:00.000Z',
    updated_at: '2026-03-02T11:10:00.000Z',
    monitoring_at: '2026-03-02T11:10:00.000Z',
    resolved_at: null,
    page_id: 'tymt9n04zgry',
    components: [{ id: 'rwppv331jlwc' }, { id: 'k8w3r06qmzrp', status: 'degraded_performance' }],
  })
  expect(incident.incident_updates).toMatchObject([
    {
      status: 'monitoring',
      body: 'A fix is <in> place.',
      incident_id: incident.id,
      affected_components: [
        {
          code: 'k8w3r06qmzrp',
          name: 'Claude API (api.anthropic.com)',
          old_status: 'major_outage',
          new_status: 'degraded_performance',
        },
      ],
    },
    { status: 'investigating', created_at: '2026-03-02T11:04:00.000Z' },
  ])
})

test('ids are the same at every look, and every incident has a document of its own', async () => {
  const early = await pageAt(5, outage).json('summary')
  const late = pageAt(16, outage)
  const [incident] = (await late.json('incidents')).incidents

  expect(incident.id).toBe(early.incidents[0].id)
  expect(incident.incident_updates.at(-1).id).toBe(early.incidents[0].incident_updates[0].id)
  expect(incident).toMatchObject({ status: 'resolved', resolved_at: '2026-03-02T11:15:00.000Z' })
  expect(await late.json('incidents/unresolved')).toMatchObject({ incidents: [] })
  expect(await late.json('summary')).toMatchObject({ incidents: [], status: { indicator: 'none' } })
  expect((await late.json(`incidents/${incident.id}`)).incident).toEqual(incident)
  expect(JSON.parse(await late.text(`https://status.claude.com/incidents/${incident.id}.json`)).incident).toEqual(
    incident,
  )
  expect(late.visit('https://status.claude.com/api/v2/incidents/nothere.json')).toMatchObject({ status: 404 })
})

test('an update that is dated back tells both times', async () => {
  const { json } = pageAt(9, [
    '{ at: down + 5m, incident: monitoring }',
    '{ at: down + 8m, says_at: down + 1m, incident: identified }',
  ])
  const [incident] = (await json('incidents')).incidents

  expect(incident.status).toBe('identified')
  expect(incident.incident_updates).toMatchObject([
    { status: 'monitoring' },
    { status: 'identified', created_at: '2026-03-02T11:08:00.000Z', display_at: '2026-03-02T11:01:00.000Z' },
  ])
})

test('a surface without a component of its own has one as soon as it is spoken of', async () => {
  const { json } = pageAt(5, ['{ at: down, incident: investigating, components: { login: major_outage } }'])

  expect((await json('components')).components.at(-1)).toMatchObject({ name: 'login', status: 'major_outage' })
})

test("OpenAI's page has its own host, ids and components", async () => {
  const updates = ['{ at: down, incident: investigating, components: { openai.api.responses: major_outage } }']
  const { json } = pageAt(5, updates)
  const { page, components, incidents } = await json('summary', 'status.openai.com')

  expect(page).toEqual({
    id: expect.any(String),
    name: 'OpenAI',
    url: 'https://status.openai.com',
    updated_at: '2026-03-02T11:00:00Z',
  })
  expect(components.map((one: { name: string; status: string }) => [one.name, one.status])).toEqual([
    ['Chat Completions', 'operational'],
    ['Responses', 'major_outage'],
    ['Embeddings', 'operational'],
  ])
  expect(incidents).toMatchObject([{ id: expect.stringMatching(/^01[0-9A-HJKMNP-TV-Z]{24}$/) }])
  expect(await json('summary')).toMatchObject({ incidents: [] })
})

test('the feeds tell the newest first, and escape what people wrote', async () => {
  const { text } = pageAt(16, outage)
  const atom = await text('https://status.claude.com/history.atom')
  const rss = await text('https://status.claude.com/history.rss')

  expect(atom).toContain('<published>2026-03-02T11:04:00Z</published>')
  expect(atom).toContain('https://status.claude.com/incidents/')
  const states = [...atom.matchAll(/&lt;strong&gt;(\w+)&lt;/g)].map(([, state]) => state)
  expect(states).toEqual(['Resolved', 'Monitoring', 'Investigating'])
  expect(atom).toContain('Mar 2, 11:10 UTC')
  expect(atom).toContain('A fix is &lt;in&gt; place.')
  expect(rss).toContain('<pubDate>Mon, 02 Mar 2026 11:04:00 GMT</pubDate>')
})

test('a page that is unreachable is not reached, one that is slow comes late', () => {
  const updates = ['{ at: down, page: slow }', '{ at: down + 5m, page: unreachable }', '{ at: up, page: up }']
  const url = 'https://status.claude.com/api/v2/status.json'

  expect(pageAt(1, updates).visit(url)).toMatchObject({ status: 200, afterMs: expect.toSatisfy(ms => ms > 19_000) })
  expect(pageAt(6, updates).visit(url)).toEqual({ type: 'hold', connect: true })
  expect(pageAt(11, updates).visit(url)).toMatchObject({ status: 200, afterMs: expect.toSatisfy(ms => ms < 200) })
})

test('the page fails as any surface does, in the words of the edge', () => {
  const { visit } = pageAt(1, [], { type: 'answer', error: 'unavailable', options: {} })

  expect(visit('https://status.claude.com/')).toMatchObject({ status: 503, headers: { 'content-type': 'text/html' } })
})
