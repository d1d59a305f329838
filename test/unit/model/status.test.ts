import { expect, test } from 'vitest'
import { parseScenario } from '../../../src/index.ts'
import { statusAt } from '../../../src/model/status.ts'
import { compilePlan } from '../../../src/model/timeline.ts'

const minute = 60_000

/** A plan of two phases of ten minutes whose status page has these updates. */
function planOf(...updates: string[]) {
  const { scenario, diagnostics } = parseScenario(
    `blackstart: 1\nid: said\nphases:\n  - { name: down, for: 10m }\n  - { name: up, for: 10m }\n` +
      `status_page:\n${updates.map(update => `  - ${update}\n`).join('')}`,
  )
  if (!scenario) throw new Error(JSON.stringify(diagnostics))
  return compilePlan(scenario, new Map())
}

const usual = planOf(
  '{ at: down + 4m, incident: investigating, components: { api: major_outage, chat: partial_outage } }',
  '{ at: up, incident: monitoring, says: "Fixed, we think.", components: { api: degraded_performance } }',
  '{ at: up + 5m, incident: resolved }',
)

test('nothing is said before somebody says it', () => {
  const view = statusAt(usual, 'anthropic', 4 * minute - 1)

  expect(view).toMatchObject({ page: 'up', updatedMs: undefined, incidents: [] })
  expect([...view.components]).toEqual([])
})

test('an incident goes its way, its updates newest first', () => {
  const view = statusAt(usual, 'anthropic', 12 * minute)

  expect(view.incidents).toMatchObject([
    {
      state: 'monitoring',
      impact: 'critical',
      createdMs: 4 * minute,
      monitoringMs: 10 * minute,
      resolvedMs: undefined,
      surfaces: ['api', 'chat'],
      updates: [
        {
          state: 'monitoring',
          says: 'Fixed, we think.',
          affected: [{ surface: 'api', from: 'major_outage', to: 'degraded_performance' }],
        },
        { state: 'investigating' },
      ],
    },
  ])
  expect(view.components.get('api')).toEqual({ status: 'degraded_performance', sinceMs: 10 * minute })
})

test('a resolved incident leaves what it had touched well, and a later update opens another', () => {
  const plan = planOf(
    '{ at: down, incident: investigating, components: { api: major_outage } }',
    '{ at: down + 5m, incident: resolved }',
    '{ at: up, incident: investigating, components: { api: partial_outage } }',
  )
  const resolved = statusAt(plan, 'anthropic', 6 * minute)
  const again = statusAt(plan, 'anthropic', 11 * minute)

  expect(resolved.components.get('api')?.status).toBe('operational')
  expect(resolved.incidents).toMatchObject([{ state: 'resolved', resolvedMs: 5 * minute }])
  expect(again.incidents.map(({ number, state }) => [number, state])).toEqual([
    [2, 'investigating'],
    [0, 'resolved'],
  ])
})

test('two incidents may disagree, and a resolved one does not speak for the other', () => {
  const plan = planOf(
    '{ at: down, name: Errors, incident: investigating, components: { api: major_outage } }',
    '{ at: down + 1m, name: Logins, incident: investigating, components: { api: operational, login: partial_outage } }',
    '{ at: down + 2m, name: Errors, incident: identified }',
    '{ at: down + 3m, name: Logins, incident: resolved }',
  )
  const { incidents, components } = statusAt(plan, 'anthropic', 3 * minute)

  expect(incidents.map(({ name, state, resolvedMs }) => [name, state, resolvedMs])).toEqual([
    ['Logins', 'resolved', 3 * minute],
    ['Errors', 'identified', undefined],
  ])
  expect(components.get('login')?.status).toBe('operational')
})

test('an update may be dated back: it stands where its own time puts it, and its state holds', () => {
  const plan = planOf(
    '{ at: down + 5m, incident: monitoring }',
    '{ at: down + 8m, says_at: down + 1m, incident: identified, says: "Since 1 minute past." }',
  )
  const [incident] = statusAt(plan, 'anthropic', 9 * minute).incidents

  expect(incident?.state).toBe('identified')
  expect(incident?.updates.map(({ state, createdMs, shownMs }) => [state, createdMs, shownMs])).toEqual([
    ['monitoring', 5 * minute, 5 * minute],
    ['identified', 8 * minute, 1 * minute],
  ])
})

test('what is retracted disappears, and what stands in its place goes on with the same incident', () => {
  const plan = planOf(
    '{ at: down, incident: investigating, components: { api: major_outage } }',
    '{ at: down + 2m, incident: resolved }',
    '{ at: down + 4m, retracts: true, incident: identified }',
    '{ at: down + 6m, retracts: true }',
  )
  const [, fixed, taken, gone] = [1, 3, 5, 7].map(at => statusAt(plan, 'anthropic', at * minute))

  expect(fixed?.incidents).toMatchObject([{ number: 0, state: 'resolved' }])
  expect(taken?.incidents).toMatchObject([{ number: 0, state: 'identified', resolvedMs: undefined }])
  expect(taken?.incidents[0]?.updates.map(({ state }) => state)).toEqual(['identified', 'investigating'])
  expect(taken?.components.get('api')?.status).toBe('major_outage')
  expect(gone?.incidents).toMatchObject([{ number: 0, state: 'investigating' }])
})

test('an incident whose only update is retracted was never there', () => {
  const plan = planOf('{ at: down, incident: investigating }', '{ at: down + 1m, retracts: true }')

  expect(statusAt(plan, 'anthropic', 2 * minute).incidents).toEqual([])
})

test('a component may change without an incident', () => {
  const plan = planOf('{ at: down, components: { api: degraded_performance } }')
  const view = statusAt(plan, 'anthropic', minute)

  expect(view.incidents).toEqual([])
  expect(view.components.get('api')?.status).toBe('degraded_performance')
})

test('each provider has a page of its own', () => {
  const plan = planOf(
    '{ at: down, incident: investigating, components: { openai.api: major_outage } }',
    '{ at: down + 1m, page: unreachable }',
    '{ at: down + 3m, page: up }',
  )
  const at = (provider: string, t: number) => statusAt(plan, provider, t)

  expect(at('openai', 2 * minute).incidents).toHaveLength(1)
  expect(at('openai', 2 * minute).page).toBe('up')
  expect(at('anthropic', 2 * minute)).toMatchObject({ page: 'unreachable', incidents: [] })
  expect(at('anthropic', 4 * minute).page).toBe('up')
})

test('an impact that is named holds until another is', () => {
  const plan = planOf(
    '{ at: down, incident: investigating, impact: minor, components: { api: major_outage } }',
    '{ at: down + 1m, incident: identified }',
    '{ at: down + 2m, incident: identified, impact: critical }',
  )

  expect([1, 2].map(at => statusAt(plan, 'anthropic', at * minute).incidents[0]?.impact)).toEqual(['minor', 'critical'])
})
