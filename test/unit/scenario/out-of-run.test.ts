import { expect, test } from 'vitest'
import { catalogue } from '../../../src/run/catalogue.ts'
import { outOfRunDiagnostics, parseScenario } from '../../../src/scenario/index.ts'

function said(...lines: string[]): readonly string[] {
  const text = ['blackstart: 1', 'id: small', 'phases:', '  - { name: up, for: 10m }', ...lines].join('\n')
  const { scenario, diagnostics, positions } = parseScenario(text, { catalogue })
  expect(diagnostics).toEqual([])
  return scenario ? outOfRunDiagnostics(scenario, positions, 's.yaml').map(d => `${d.line}: ${d.message}`) : []
}

test('what is to happen before the run begins or after it has ended is said, at its line', () => {
  expect(
    said(
      'events:',
      '  - { at: start - 1h, crash: true }',
      '  - { at: start - 2m, crash: true }',
      '  - { at: end + 4m59s, offline: 10m }',
      '  - { at: up + 15m, restart: true }',
      'workload: { spikes: [{ at: end + 5m, tasks: 3 }] }',
    ),
  ).toEqual([
    '6: This is 1h before the first phase, and the run begins 2m before it.',
    '9: This is 5m after the last phase, and the run ends 5m after it.',
    '10: This is 5m after the last phase, and the run ends 5m after it.',
  ])
})

test('a longer warm-up has room for earlier events, and a provider that drains for later ones', () => {
  expect(
    said(
      'steady_state: { for: 1h }',
      'capacity: [{ surface: api, slots: 2 }]',
      'events: [{ at: start - 1h, traffic: 2x }, { at: end + 9m, traffic: 1x }]',
    ),
  ).toEqual([])
})

test('laps count', () => {
  const laps = '  - { repeat: { times: 3, phases: [{ name: down, for: 2m }] } }'
  expect(said(laps, 'events: [{ at: "down#3 + 6m59s", crash: true }, { at: "down#3 + 7m", crash: true }]')).toEqual([
    '6: This is 5m after the last phase, and the run ends 5m after it.',
  ])
})

test('a track that has no moment within the phases is never in force', () => {
  expect(
    said(
      'faults:',
      '  - { from: end, until: end + 10m, surface: api, fault: overloaded }',
      '  - { from: start - 1m, until: start, surface: api, fault: overloaded }',
      '  - { from: start - 1m, until: end + 1m, surface: api, fault: overloaded }',
    ),
  ).toEqual(
    [6, 7].map(line => `${line}: This is never in force: nothing fails before the first phase and after the last.`),
  )
})
