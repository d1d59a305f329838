import { describe, expect, test } from 'vitest'
import { rowOf } from '../../tools/detection/cell.ts'
import { recordedRow } from '../../tools/detection/recorded.ts'
import { brokenClients, failedOracles, runPair, scenarios, unstoppable } from '../support/fleet.ts'

const runnable = brokenClients.filter(({ name }) => name !== unstoppable)

test('every broken client says which scenario shows it and which oracle must fail', () => {
  expect(brokenClients.length).toBeGreaterThanOrEqual(8)
  for (const { scenario, fails } of brokenClients) {
    expect(scenarios.has(scenario), scenario).toBe(true)
    expect(fails).toMatch(/^[a-z-]+$/)
  }
})

test('between them they fail every default oracle, and what the app does to its own process', () => {
  expect([...new Set(runnable.map(({ fails }) => fails))].toSorted()).toEqual([
    'conduct',
    'failure-is-not-success',
    'herd-at-restore',
    'no-retry-on-permanent-errors',
    'recovers',
    'retry-after-honoured',
    'retry-amplification',
    'settles',
    'truncated-is-not-success',
  ])
})

describe('a broken client is caught by its oracle and by no other', () => {
  test.for(runnable)('$name in $scenario: $fails', async ({ name, scenario, fails, mayAlso }) => {
    const result = await runPair(name, scenario)
    const failed = failedOracles(result)
    expect(failed).toContain(fails)
    expect(failed.filter(oracle => oracle !== fails && !mayAlso.includes(oracle))).toEqual([])
    expect(result.exitCode).toBe(1)
    expect(rowOf(result), 'docs/detection.md is out of date: npm run detection').toEqual(recordedRow(name))
    for (const { evidence, message, advice } of result.findings.filter(({ oracle }) => oracle === fails)) {
      expect(message).not.toBe('')
      expect(advice).not.toBe('')
      expect(evidence.length, message).toBeGreaterThan(0)
    }
  })
})
