import { expect, test } from 'vitest'
import { type Integration, runScenario } from '../../../src/index.ts'
import { eventsOf } from './support.ts'

const scenario = `
blackstart: 1
id: late-word
phases:
  - { name: down, for: 6m, faults: [{ surface: api, fault: overloaded }] }
  - { name: up, for: 4m }
status_page:
  - { at: down + 2m, incident: investigating, components: { api: major_outage } }
  - { at: down + 4m, page: unreachable }
  - { at: up, page: up }
  - { at: up + 2m, incident: resolved }
`

test('an app that reads the status page sees what it says at the time, on the clock of the run', async () => {
  const seen: { at: string; indicator: string }[] = []
  const poller: Integration = {
    name: 'poller',
    async perform() {
      const at = new Date().toISOString().slice(11, 16)
      try {
        const response = await fetch('https://status.claude.com/api/v2/summary.json')
        const { status, incidents } = JSON.parse(await response.text())
        for (const { created_at } of incidents) expect(created_at).toBe('2026-03-02T11:04:00.000Z')
        seen.push({ at, indicator: status.indicator })
      } catch (error) {
        seen.push({ at, indicator: String(error instanceof Error && (error.cause as { code: string }).code) }) // fetch fails with one
      }
      return 'done'
    },
    settle: () => ({ outcome: 'ok' }),
  }

  const result = await runScenario({ scenario, integration: poller, users: 2, thinkMs: 15_000 })

  // The run begins at eleven, its first phase two minutes later.
  const at = (from: string, until: string) => [
    ...new Set(seen.filter(({ at }) => at > from && at < until).map(({ indicator }) => indicator)),
  ]
  expect(at('11:00', '11:04')).toEqual(['none'])
  expect(at('11:04', '11:06')).toEqual(['critical'])
  expect(at('11:06', '11:08')).toEqual(['UND_ERR_CONNECT_TIMEOUT'])
  expect(at('11:08', '11:10')).toEqual(['critical'])
  expect(at('11:10', '11:12')).toEqual(['none'])
  expect(eventsOf(result, 'attempt-started').every(({ surface }) => surface === 'status')).toBe(true)
})

test('what the page has said since before the run is said from its beginning', async () => {
  const early = scenario.replace(/status_page:\n/, 'status_page:\n  - { at: start - 1h, incident: investigating }\n')
  const idle: Integration = { name: 'idle', perform: () => 'done', settle: () => ({ outcome: 'ok' }) }
  const { journal } = await runScenario({ scenario: early, integration: idle, users: 1 })

  expect(journal.find(({ type }) => type === 'status-changed')).toMatchObject({ t: -120_000 })
})
