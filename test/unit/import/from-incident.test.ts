import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importText } from '../../../src/cli/import-file.ts'
import { UsageError } from '../../../src/lib/errors.ts'
import type { Scenario } from '../../../src/model/scenario.ts'

const stored = readFileSync(resolve(import.meta.dirname, '../../../fixtures/import/incident.json'), 'utf8')

const imported = (json: unknown, options = {}) =>
  importText(typeof json === 'string' ? json : JSON.stringify(json), { file: 'incident.json', ...options })

function refusal(json: unknown, options = {}): string {
  try {
    imported(json, options)
    return 'none'
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}

function phases({ phases }: Scenario): string[] {
  return phases.map(item => {
    if ('repeat' in item) return 'repeat'
    const faults = (item.faults ?? []).map(({ surface, share }) => ` ${surface.join('+')} ${share}`)
    return `${item.name} ${item.for / 60_000} m${faults.join()}`
  })
}

interface Update {
  readonly status: string
  readonly at: string
  readonly body?: string
  readonly components?: Readonly<Record<string, string>>
}

/** An incident with these updates, newest first, as a page has it. */
function incident(updates: readonly Update[], more = {}): unknown {
  const incident_updates = updates.toReversed().map(({ status, at, body = '', components = {} }) => ({
    status,
    body,
    created_at: `2026-03-04T${at}:00.000Z`,
    display_at: `2026-03-04T${at}:00.000Z`,
    affected_components: Object.entries(components).map(([name, new_status]) => ({ code: 'x', name, new_status })),
  }))
  return {
    id: 'abc',
    name: 'Elevated errors',
    impact: 'major',
    shortlink: 'https://stspg.io/abc',
    incident_updates,
    ...more,
  }
}

test('each update begins a phase, and what fails is guessed from the components', () => {
  const { scenario, notices } = imported(stored)

  expect(phases(scenario)).toEqual(['investigating 27 m api 0.9', 'monitoring 33 m api 0.1', 'resolved 15 m'])
  expect(scenario).toMatchObject({
    id: 'anthropic-2026-03-04-elevated-errors-for-multiple-models',
    provider: 'anthropic',
    basis: { precedent: '461yvfrzpwtt', sources: ['https://stspg.io/xxxx'] },
  })
  expect(scenario.basis?.assumed).toMatchInlineSnapshot(`
    [
      "503 as the code of every failure",
      "90% of the requests failing at a major outage, 40% at a partial one, 10% when degraded, none when operational",
      "that what failed began and ended with the updates; a page is often late at both ends",
      "left out - the component Claude Cowork, which is no surface here",
      "left out - the time from 2026-03-04 09:50:00 UTC, its official start, to the first update",
    ]
  `)
  expect(scenario.basis?.facts).toContain(
    'shown as of 2026-03-04 10:27:00 UTC, written at 2026-03-04 10:29:00 UTC (the status page)',
  )
  expect(notices).toEqual([
    'Codes and shares are guesses, listed under basis.assumed: a status page does not tell them.',
  ])
})

test('the status page is as it was', () => {
  expect(imported(stored).scenario.status_page).toEqual([
    {
      at: { phase: 'investigating', offset: 0 },
      incident: 'investigating',
      components: { api: 'major_outage' },
      says: 'We are investigating.',
      impact: 'major',
    },
    {
      at: { phase: 'monitoring', offset: 0 },
      incident: 'monitoring',
      components: { api: 'degraded_performance' },
      says: 'A fix: implemented, "really".',
      impact: 'major',
    },
    {
      at: { phase: 'resolved', offset: 0 },
      incident: 'resolved',
      components: { api: 'operational' },
      says: 'This incident has been resolved.',
      impact: 'major',
    },
  ])
})

test('components become surfaces, each with what it was at the time', () => {
  const { scenario } = imported(
    incident([
      {
        status: 'investigating',
        at: '10:00',
        components: { 'claude.ai': 'major_outage', 'Claude API': 'partial_outage' },
      },
      { status: 'identified', at: '10:20', components: { 'claude.ai': 'operational' } },
      { status: 'identified', at: '10:50', components: { 'Claude API': 'degraded_performance' } },
      { status: 'resolved', at: '11:00', components: { 'Claude API': 'operational' } },
    ]),
  )

  expect(phases(scenario)).toEqual([
    'investigating 20 m chat 0.9, api 0.4',
    'identified 30 m api 0.4',
    'identified-2 10 m api 0.1',
    'resolved 15 m',
  ])
})

test('without components the impact is what there is, until the page says that it is fixed', () => {
  const { scenario } = imported(
    incident([
      { status: 'investigating', at: '10:00' },
      { status: 'monitoring', at: '10:30' },
      { status: 'resolved', at: '11:00' },
      { status: 'postmortem', at: '23:00' },
    ]),
    { provider: 'openai' },
  )

  expect(phases(scenario)).toEqual(['investigating 30 m api 0.4', 'monitoring 30 m', 'resolved 15 m'])
  expect(scenario.basis?.assumed?.join()).toContain('that the API is what failed')
})

test('an incident that is still open ends healthy all the same, and says so', () => {
  const { scenario } = imported(incident([{ status: 'investigating', at: '10:00' }]))

  expect(phases(scenario)).toEqual(['investigating 15 m api 0.4', 'clear 15 m'])
  expect(scenario.basis?.assumed).toContain('the healthy time after the last update')
})

test('of a list of incidents one is chosen', () => {
  const one = incident([{ status: 'investigating', at: '10:00' }])
  const other = incident([{ status: 'investigating', at: '12:00' }], { id: 'def', name: 'Other' })

  expect(imported({ incidents: [one] }).scenario.basis?.precedent).toBe('abc')
  expect(imported({ page: { name: 'Claude' }, incidents: [one, other] }, { incident: 'def' }).scenario.title).toContain(
    'Other',
  )
  expect(refusal({ incidents: [one, other] })).toMatchInlineSnapshot(`
    "Failed to import:
    incident.json: There are 2 incidents in this JSON.
      Choose one with --incident ID: abc (Elevated errors), def (Other)."
  `)
})

test('what is no incident is told', () => {
  expect(refusal('{"a":')).toContain('incident.json: This is no JSON: ')
  expect(refusal({ a: 1 })).toContain('incident.json: There is no incident in this JSON.')
  expect(refusal(incident([]))).toContain('has no updates with a time')
  expect(refusal(incident([{ status: 'investigating', at: '10:00' }], { impact: 'none' }))).toContain(
    'nothing ever failed',
  )
  expect(refusal(stored, { provider: 'antropic' })).toBe('There is no provider "antropic".')
})

test('no JSON makes it crash, and what comes out passes check', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('investigating', 'resolved', 'API', 'claude.ai', 'major_outage'))
  const time = fc.oneof(
    word,
    fc.constantFrom('2026-03-04T10:00:00.000Z', '2026-03-04T11:00:00Z', '2027-01-01T00:00:00Z'),
  )
  const component = fc.record({ code: word, name: word, new_status: word }, { requiredKeys: [] })
  const update = fc.record(
    {
      status: word,
      body: word,
      created_at: time,
      display_at: time,
      affected_components: fc.array(component, { maxLength: 3 }),
    },
    { requiredKeys: ['created_at'] },
  )
  const any = fc.record(
    {
      id: word,
      name: word,
      impact: fc.constantFrom('minor', 'major', 'none', 3),
      shortlink: fc.jsonValue(),
      incident_updates: fc.array(update, { maxLength: 4 }),
    },
    { requiredKeys: ['incident_updates'] },
  )
  fc.assert(
    fc.property(fc.oneof(any, fc.jsonValue()), json => {
      try {
        expect(imported({ incident: json }).yaml).toContain('phases:')
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
    { numRuns: 300 },
  )
})
