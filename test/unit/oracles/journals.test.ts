import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { faultParams } from '../../../src/model/fault.ts'
import { oracles } from '../../../src/oracles/index.ts'
import type { Judgement } from '../../../src/oracles/oracle.ts'
import { viewJournal } from '../../../src/oracles/view.ts'
import { oracleJournals } from '../../support/oracle-journals.ts'

const folder = new URL('../../../fixtures/journals/', import.meta.url)
const fileOf = (oracle: string, level: string) => new URL(`${oracle}.${level}.jsonl`, folder)

const all = oracleJournals()

test.each(all)('$oracle.$expected.jsonl is what its builder makes', ({ oracle, expected, journal, endMs }) => {
  const text = journal
    .events(endMs)
    .map(event => `${JSON.stringify(event)}\n`)
    .join('')
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fileOf(oracle, expected), text)

  expect(readFileSync(fileOf(oracle, expected), 'utf8')).toBe(text)
})

test.each(all)('$oracle judges $oracle.$expected.jsonl as $expected', ({ oracle, expected }) => {
  const { examined, findings } = judgeFile(oracle, expected)

  expect(examined).toBeGreaterThan(0)
  expect(findings.map(finding => finding.severity)).toEqual(expected === 'pass' ? [] : [expected])
  for (const finding of findings) {
    expect(finding.message).toMatch(/\d/)
    expect(finding.evidence.length).toBeGreaterThan(0)
    expect(finding.evidence.length).toBeLessThanOrEqual(10)
    expect(finding.advice.length).toBeGreaterThan(80)
  }
})

test('every oracle has a journal that it passes and one that it fails', () => {
  for (const oracle of oracles.keys())
    expect(all.filter(item => item.oracle === oracle).map(item => item.expected)).toEqual(
      expect.arrayContaining(['pass', 'fail']),
    )
})

test('the passing journals are passed by all other oracles too, or say nothing to them', () => {
  for (const { oracle, expected } of all.filter(item => item.expected === 'pass'))
    for (const other of oracles.values()) {
      if (!other.byDefault) continue
      const { findings } = judgeFile(oracle, expected, other.id)
      expect(
        findings.filter(({ severity }) => severity === 'fail'),
        `${other.id} on ${oracle}`,
      ).toEqual([])
    }
})

test('findings tell phase, numbers and the worst evidence first', () => {
  const told = all
    .filter(({ expected }) => expected !== 'pass')
    .flatMap(({ oracle, expected }) =>
      judgeFile(oracle, expected).findings.map(
        ({ severity, phase, message, evidence }) =>
          `${oracle} ${severity} in ${phase}: ${message} [${evidence.slice(0, 3).join(' ')}]`,
      ),
    )

  expect(told).toMatchInlineSnapshot(`
    [
      "settles fail in blackout: 2 of 3 tasks were not settled within 2m; 1 never settled: t3 was still open after 29m40s [t3 t2]",
      "retry-amplification warn in blackout: 3 attempts for each call to anthropic.api.messages in its outage from 0s to 10m (12 attempts of 4 calls); c1 alone made 3 [c1 c2 c3]",
      "retry-amplification fail in blackout: 6 attempts for each call to anthropic.api.messages in its outage from 0s to 10m (24 attempts of 4 calls); c1 alone made 6 [c1 c2 c3]",
      "retry-after-honoured fail in blackout: 1 retry came before the time the provider had named in retry-after; a2 came after 500ms where 429 had asked for 30s [a2]",
      "no-retry-on-permanent-errors fail in blackout: 2 attempts repeated a rejected request unchanged (after 2 × 400); a3 is attempt 3 of its call, 500ms after a 400 [a3 a2]",
      "truncated-is-not-success fail in blackout: 2 tasks returned the beginning of an answer as if it were whole (1 of them claimed success in so many words; how the last broken attempt ended: 2 cut) [t1 t2]",
      "failure-is-not-success fail in blackout: 2 failed tasks passed for a success: 1 a text that no model wrote for it, 1 an empty answer [t1 t2]",
      "recovers fail in healed: anthropic.api.messages was healthy from 10m on, but of 6 tasks begun 2m or more later only 0% settled ok, not 95% (6 failed); no later task got a good answer [t9 t8 t7]",
      "herd-at-restore warn in healed: 20 of the 100 calls that waited for anthropic.api.messages (20%) came back in one second, 7s after it healed at 10m; a jittered client of this size peaks at 18 or less [a2 a4 a6]",
      "herd-at-restore fail in healed: 50 of the 50 calls that waited for anthropic.api.messages (100%) came back in one second, 12s after it healed at 10m; a jittered client of this size peaks at 13 or less [a2 a4 a6]",
      "answers fail in blackout: 75% of 20 tasks were answered within 1m, not 95% (the others: 5 failed) [t16 t17 t18]",
    ]
  `)
})

function judgeFile(fixture: string, level: string, oracleId = fixture): Judgement {
  const lines = readFileSync(fileOf(fixture, level), 'utf8').trimEnd().split('\n')
  const events = lines.map(line => JSON.parse(line) as JournalEvent)
  const oracle = oracles.get(oracleId)
  const made = all.find(item => item.oracle === fixture && item.expected === level)
  if (!oracle || !made) throw new Error(`no oracle ${oracleId}, or no journal ${fixture}.${level}`)
  const params = oracleId === fixture ? (made.params ?? {}) : {}
  return oracle.judge(viewJournal(events), faultParams(oracle.params, params), made.journal.plan)
}
