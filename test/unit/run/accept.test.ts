import { expect, test } from 'vitest'
import type { Accepted } from '../../../src/model/accepted.ts'
import type { OracleResult } from '../../../src/oracles/oracle.ts'
import { acceptFindings, staleAccepted } from '../../../src/run/accept.ts'

const day = (text: string) => Date.parse(`${text}T12:00:00Z`)
const finding = { severity: 'fail', message: 'x', evidence: [], advice: 'y' } as const
const results: readonly OracleResult[] = [
  {
    id: 'settles',
    status: 'fail',
    examined: 3,
    named: false,
    findings: [
      { ...finding, oracle: 'settles', phase: 'down' },
      { ...finding, oracle: 'settles', phase: 'flap#3' },
    ],
  },
]

function acceptedPhases(entry: Accepted, scenario = 'outage', today = '2026-06-01'): readonly string[] {
  const context = { scenario, accepted: [entry], todayMs: day(today) }
  return acceptFindings(results, context).flatMap(result =>
    result.findings.filter(one => one.accepted).map(one => one.phase),
  )
}

const entry = { oracle: 'settles', reason: 'known' }

test.for<[string, Accepted, readonly string[]]>([
  ['an oracle', entry, ['down', 'flap#3']],
  ['another oracle', { ...entry, oracle: 'order' }, []],
  ['a phase, all its laps', { ...entry, phase: 'flap' }, ['flap#3']],
  ['one lap', { ...entry, phase: 'flap#2' }, []],
  ['the scenario', { ...entry, scenario: 'outage' }, ['down', 'flap#3']],
  ['another scenario', { ...entry, scenario: 'out' }, []],
  ['its last day', { ...entry, until: '2026-06-01' }, ['down', 'flap#3']],
  ['the day after', { ...entry, until: '2026-05-31' }, []],
])('%s: accepted %j in %j', ([, one, phases]) => {
  expect(acceptedPhases(one)).toEqual(phases)
})

test('all variants of a matrix are of its scenario', () => {
  expect(acceptedPhases({ ...entry, scenario: 'outage' }, 'outage[share=40%]')).toHaveLength(2)
})

const run = { scenario: 'outage', isConclusive: true, findings: [{ oracle: 'settles', phase: 'down' }] }

test.for<[Accepted, readonly string[]]>([
  [entry, []],
  [{ ...entry, scenario: 'other' }, []],
  [
    { ...entry, oracle: 'order', scenario: 'outage' },
    ['The accepted finding order in outage did not occur: remove it from "accepted".'],
  ],
  [{ ...entry, phase: 'healed' }, ['The accepted finding settles (healed) did not occur: remove it from "accepted".']],
  [
    { ...entry, until: '2026-01-01' },
    ['The accepted finding settles expired on 2026-01-01 and is still there: mend it, or renew the entry.'],
  ],
  [
    { ...entry, oracle: 'order', until: '2026-01-01' },
    ['The accepted finding order expired on 2026-01-01 and did not occur: remove it.'],
  ],
])('%j is told as %j', ([one, lines]) => {
  expect(staleAccepted([one], [run], day('2026-06-01'))).toEqual(lines)
})

test('what did not happen in a run that proves nothing is no news', () => {
  expect(staleAccepted([{ ...entry, oracle: 'order' }], [{ ...run, isConclusive: false }], day('2026-06-01'))).toEqual(
    [],
  )
})
