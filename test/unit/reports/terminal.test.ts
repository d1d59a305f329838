import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { reports } from '../../../src/reports/index.ts'
import { fakeResult } from '../../support/fake-result.ts'

const options = { color: false, replay: ['small-outage.yaml', '--seed', '1'] }

test('a run reads as a picture, findings, what landed, the verdict and how to see it again', () => {
  expect(reports.terminal.one(fakeResult(), options)).toMatchInlineSnapshot(`
    "A small outage (small-outage)
    client bare-sdk, seed 1, engine msw, simulated 27 m in 412 ms

    fails api          █████████████████████████████▓▓▓▓▒▒▒▒▒▒▒░░░░
    fails api.messages █████████████████████████████▓▓▓▓▒▒▒▒▒▒▒░░░░~~~~~~~~~~~~~~
    attempts ok                                    ▃  ▃  ▃  ▃  ▃  ▃  ▃ ▃  ▃  ▃  ▃  ▃  ▃  ▃      14
    attempts failed    █ ▆▃ █  █  █  █  █  █  █ ▆▃                                              30
    of them retries    ▆ ▃▃ ▆  ▆  ▆  ▆  ▆  ▆  ▆ ▃▃                                              20
    tasks ok                                       █  █  █  █  █  █  █  █ █  █  █  █  █  █      14
    failed                █ █  █  █  █  █  █  █  █                                              9
    never settled      █                                                                        1
    waiting            ▄▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄ up to 2
                       ├───────────────────────────┼──────────────┼─────────────┼──────────────
                       down                        half           limited       healed
                       0             5m            10m            15m           20m
                       fails: ░ under 25%, ▒ under 60%, ▓ under 95%, █ all; ~ rate limited

    ✗ settles (fail, in down)
      1 of 24 tasks never settled; it was still open 25 minutes after it was asked, with no attempt
      under way.
      evidence: t1
      → A user who gets neither an answer nor an error waits for good. Give every task a deadline of its
      own, and end it with an honest error when that passes.

    held: recovers (1)
    vacuous: truncated-is-not-success, no answer was cut short

    fault       on            phase    line  eligible  hits  status
    overloaded  api           down        8        30    30  landed
    limit       api.messages  limited    14         2     0  thin (--users 120 would do)

    note: The app called metrics.example.com, which was refused. Allow it with --allow
    metrics.example.com.

    FAIL (exit 1): 1 finding of severity fail
    replay: npx blackstart run small-outage.yaml --seed 1
    story:  npx blackstart run small-outage.yaml --seed 1 --task t1
    "
  `)
})

test('checks that had nothing to judge are named, and where that is nearly all of them they are counted', () => {
  const nothing = (length: number) =>
    Array.from({ length }, (_, i) => ({
      ...{
        id: `check-${i + 1}`,
        status: 'vacuous' as const,
        examined: 0,
        named: false,
        reason: 'nobody asked',
        findings: [],
      },
    }))
  const told = (length: number) => reports.terminal.one(fakeResult({ oracles: nothing(length) }), options)

  expect(told(4)).toContain('nothing to judge: check-1, check-2, check-3, check-4 (--report json says why)')
  expect(told(45)).toContain('nothing to judge: 45 checks (--report json names them and says why)')
  expect(told(45)).not.toContain('check-1')
  expect(JSON.parse(reports.json.one(fakeResult({ oracles: nothing(45) }), options)).oracles).toHaveLength(45)
})

test('without colour no escape sequence is printed, and with it there is', () => {
  expect(reports.terminal.one(fakeResult(), options)).not.toContain('\u001b')
  expect(reports.terminal.one(fakeResult(), { ...options, color: true })).toContain('\u001b[')
})

test('a run in which nothing failed and nobody asked is drawn all the same', () => {
  const scenario: Scenario = {
    blackstart: 1,
    provider: 'anthropic',
    id: 'quiet',
    phases: [{ name: 'quiet', for: 60_000 }],
  }
  const quiet = fakeResult({ scenario, plan: compilePlan(scenario, faults), journal: [], faults: [], findings: [] })

  expect(reports.terminal.one(quiet, options)).toContain('quiet')
})

test('a run that passed among several is told in two lines and its verdict', () => {
  const passed = fakeResult({ verdict: 'pass', exitCode: 0, reason: 'Every expectation held.', findings: [] })

  expect(reports.terminal.one(passed, { ...options, brief: true })).toMatchInlineSnapshot(`
    "A small outage (small-outage)
    client bare-sdk, seed 1, engine msw, simulated 27 m in 412 ms
    PASS (exit 0): Every expectation held.
    "
  `)
})

test('a failed run among several is told whole', () => {
  const brief = reports.terminal.one(fakeResult(), { ...options, brief: true })

  expect(brief).toBe(reports.terminal.one(fakeResult(), options))
})

test('several runs end in one table with the worst exit code', () => {
  const results = [
    fakeResult(),
    fakeResult({ verdict: 'pass', exitCode: 0, findings: [] }),
    fakeResult({ verdict: 'inconclusive', exitCode: 6, reason: 'No fault reached the client.', findings: [] }),
  ]
  const parts = results.map(result => ({
    document: JSON.parse(reports.json.one(result, options)),
    text: '(its report)\n',
  }))

  expect(reports.terminal.several(parts, { color: false })).toMatchInlineSnapshot(`
    "(its report)

    (its report)

    (its report)

    scenario      verdict       exit  tasks  attempts  simulated  findings
    small-outage  fail             1     24        44       27 m  settles
    small-outage  inconclusive     6     24        44       27 m  No fault reached the client.
    small-outage  pass             0     24        44       27 m

    1 passed, 1 failed, 1 inconclusive (exit 1)
    "
  `)
})

test('more findings than a screen holds are counted', () => {
  const [finding] = fakeResult().findings
  const findings = Array.from({ length: 15 }, (_, i) => ({ ...finding, message: `Number ${i + 1}.` })) as never

  const text = reports.terminal.one(fakeResult({ findings }), options)

  expect(text).toContain('Number 12.')
  expect(text).not.toContain('Number 13.')
  expect(text).toContain('and 3 more findings; --report json has all')
})

test('no line is wider than 100 columns but for the table of faults and the picture', () => {
  const long = 'word '.repeat(60).trim()
  const [finding] = fakeResult().findings
  const text = reports.terminal.one(
    fakeResult({ findings: [{ ...finding, message: long, advice: long } as never], notices: [long], faults: [] }),
    options,
  )

  expect(text.split('\n').filter(line => line.includes('word') && line.length > 100)).toEqual([])
})
