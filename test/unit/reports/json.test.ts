import { expect, test } from 'vitest'
import { reports } from '../../../src/reports/index.ts'
import { fakeResult } from '../../support/fake-result.ts'

const options = { color: false, replay: [] }

test('the document of a run has exactly the documented keys', () => {
  const document = JSON.parse(reports.json.one(fakeResult(), options))

  expect(document).toMatchInlineSnapshot(`
    {
      "attempts": 44,
      "calls": 24,
      "client": "bare-sdk",
      "engine": "msw",
      "exitCode": 1,
      "faults": [
        {
          "eligible": 30,
          "entry": "phases[0].faults[0]",
          "hits": 30,
          "id": "overloaded",
          "line": 8,
          "phase": "down",
          "status": "landed",
        },
        {
          "eligible": 2,
          "entry": "phases[2].limits[0]",
          "hint": "--users 120 would do",
          "hits": 0,
          "id": "limit",
          "line": 14,
          "phase": "limited",
          "status": "thin",
        },
      ],
      "findings": [
        {
          "advice": "A user who gets neither an answer nor an error waits for good. Give every task a deadline of its own, and end it with an honest error when that passes.",
          "evidence": [
            "t1",
          ],
          "message": "1 of 24 tasks never settled; it was still open 25 minutes after it was asked, with no attempt under way.",
          "oracle": "settles",
          "phase": "down",
          "severity": "fail",
        },
      ],
      "journalHash": "ab12",
      "notices": [
        "The app called metrics.example.com, which was refused. Allow it with --allow metrics.example.com.",
      ],
      "oracles": [
        {
          "examined": 24,
          "findings": 1,
          "id": "settles",
          "status": "fail",
        },
        {
          "examined": 1,
          "findings": 0,
          "id": "recovers",
          "status": "pass",
        },
        {
          "examined": 0,
          "findings": 0,
          "id": "truncated-is-not-success",
          "reason": "no answer was cut short",
          "status": "vacuous",
        },
      ],
      "phases": [
        {
          "attempts": 30,
          "attemptsPerCall": 3,
          "byOutcome": {
            "failed": 9,
            "open": 1,
          },
          "calls": 10,
          "endMs": 600000,
          "p50Ms": 2540,
          "p95Ms": 2540,
          "phase": "down",
          "startMs": 0,
          "tasks": 10,
        },
        {
          "attempts": 5,
          "attemptsPerCall": 1,
          "byOutcome": {
            "ok": 5,
          },
          "calls": 5,
          "endMs": 900000,
          "p50Ms": 700,
          "p95Ms": 700,
          "phase": "half",
          "startMs": 600000,
          "tasks": 5,
        },
        {
          "attempts": 5,
          "attemptsPerCall": 1,
          "byOutcome": {
            "ok": 5,
          },
          "calls": 5,
          "endMs": 1200000,
          "p50Ms": 700,
          "p95Ms": 700,
          "phase": "limited",
          "startMs": 900000,
          "tasks": 5,
        },
        {
          "attempts": 4,
          "attemptsPerCall": 1,
          "byOutcome": {
            "ok": 4,
          },
          "calls": 4,
          "endMs": 1500000,
          "p50Ms": 700,
          "p95Ms": 700,
          "phase": "healed",
          "startMs": 1200000,
          "tasks": 4,
        },
      ],
      "realIo": false,
      "reason": "1 finding of severity fail",
      "scenario": {
        "file": "small-outage.yaml",
        "id": "small-outage",
      },
      "seed": 1,
      "simulatedMs": 1620000,
      "tasks": {
        "byOutcome": {
          "degraded": 0,
          "failed": 9,
          "not-an-answer": 0,
          "ok": 14,
          "open": 1,
          "queued": 0,
          "truncated": 0,
        },
        "total": 24,
      },
      "verdict": "fail",
      "version": 1,
      "wallMs": 412,
    }
  `)
})

test('a scenario that was no file has null for it', () => {
  expect(JSON.parse(reports.json.one(fakeResult({ file: undefined }), options)).scenario.file).toBeNull()
})

test('several runs share one document with the worst exit code', () => {
  const results = [
    fakeResult({ exitCode: 0, verdict: 'pass' }),
    fakeResult({ exitCode: 3, verdict: 'inconclusive' }),
    fakeResult(),
  ]
  const parts = results.map(result => ({ document: JSON.parse(reports.json.one(result, options)), text: '' }))

  const { runs, ...rest } = JSON.parse(reports.json.several(parts, { color: false }))

  expect(rest).toEqual({ version: 1, exitCode: 3, verdict: 'inconclusive' })
  expect(runs.map((run: { exitCode: number }) => run.exitCode)).toEqual([0, 3, 1])
})
