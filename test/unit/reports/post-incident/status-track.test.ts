import { expect, test } from 'vitest'
import { statusTracks, truthText } from '../../../../src/reports/post-incident/status-track.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'
import { planOf } from '../../../support/journal-builder.ts'

function told(text: string): readonly string[] {
  const { scenario } = parseScenario(text, { catalogue })
  if (!scenario) throw new Error('The scenario of this test is not valid.')
  return statusTracks(planOf(scenario), { endMs: 15 * 60_000 }).flatMap(({ surface, stretches }) =>
    stretches.map(
      one => `${surface} ${one.startMs / 60_000}-${one.endMs / 60_000}: ${truthText(one)}, ${one.said}, ${one.agrees}`,
    ),
  )
}

test('a page that is late, then wrong about a limit, then silent when all is well', () => {
  expect(
    told(`
blackstart: 1
id: late
phases:
  - { name: down, for: 5m, faults: [{ surface: api, fault: overloaded, share: 40% }] }
  - { name: limited, for: 5m, limits: [{ surface: api, requests: 6/m }] }
status_page:
  - { at: down + 2m, components: { api: partial_outage } }
  - { at: limited + 1m, components: { api: operational } }
`),
  ).toEqual([
    'api 0-2: 40% of requests fail, operational, too well',
    'api 2-5: 40% of requests fail, partial_outage, yes',
    'api 5-6: requests are limited, partial_outage, yes',
    'api 6-10: requests are limited, operational, too well',
    'api 10-15: all is well, operational, yes',
  ])
})

test('a page that speaks of the whole is held to its parts, and one that is gone says nothing', () => {
  expect(
    told(`
blackstart: 1
id: parts
phases:
  - { name: files, for: 5m, faults: [{ surface: api.files, fault: overloaded }] }
  - { name: gone, for: 5m, faults: [{ surface: api, fault: overloaded }] }
status_page:
  - { at: files + 1m, components: { api: degraded_performance } }
  - { at: gone, page: unreachable }
  - { at: end, page: up, incident: resolved }
`),
  ).toEqual([
    'api 0-1: all requests fail on api.files, operational, too well',
    'api 1-5: all requests fail on api.files, degraded_performance, yes',
    'api 5-10: all requests fail, unreachable, unreachable',
    'api 10-15: all is well, degraded_performance, too bad',
  ])
})

test('without a status page there is nothing to compare', () => {
  expect(
    told('blackstart: 1\nid: x\nphases: [{ name: a, for: 5m, faults: [{ surface: api, fault: overloaded }] }]\n'),
  ).toEqual([])
})
