import type { JsonFinding, JsonReport } from '../../src/reports/json.ts'
import type { RunPart } from '../../src/reports/report.ts'

/** The document of a run that passed, with what `change` says. */
export function runDocument(change: Partial<JsonReport> = {}): JsonReport {
  return {
    version: 1,
    verdict: 'pass',
    exitCode: 0,
    reason: 'Every expectation held.',
    scenario: { id: 'down', file: 'outages/down.yaml' },
    client: 'assistant',
    seed: 1,
    engine: 'msw',
    realIo: false,
    simulatedMs: 60_000,
    wallMs: 250,
    journalHash: 'abc',
    tasks: { total: 20, byOutcome: { ok: 20 } },
    calls: 20,
    attempts: 30,
    phases: [],
    faults: [
      { ...fault, line: 7, phase: 'blackout', entry: 'phases[0].faults[0]' },
      { ...fault, line: 12, phase: 'trickle', entry: 'phases[1].faults[0]' },
    ],
    oracles: [{ id: 'settles', status: 'pass', examined: 20, findings: 0 }],
    findings: [],
    notices: [],
    replay: 'npx blackstart run outages/down.yaml --seed 1',
    ...change,
  }
}

const fault = { id: 'overloaded', status: 'landed', eligible: 10, hits: 10 } as const

/** The document of a run with these findings; it fails if one of them does. */
export function foundDocument(findings: readonly JsonFinding[], change: Partial<JsonReport> = {}): JsonReport {
  const isFail = findings.some(finding => finding.severity === 'fail' && !finding.accepted)
  const ids = [...new Set(findings.map(finding => finding.oracle))]
  return runDocument({
    ...(isFail && { verdict: 'fail', exitCode: 1, reason: `Failed: ${ids.join(', ')}.` }),
    oracles: ids.map(id => ({ id, status: 'fail', examined: 20, findings: 1 })),
    findings,
    ...change,
  })
}

export function aFinding(change: Partial<JsonFinding> = {}): JsonFinding {
  return {
    oracle: 'settles',
    severity: 'fail',
    phase: 'blackout',
    message: '3 tasks never settled.',
    evidence: ['t1', 't2'],
    advice: 'Give every task a deadline.',
    ...change,
  }
}

export function partsOf(...documents: readonly JsonReport[]): readonly RunPart[] {
  return documents.map(document => ({ document, text: '' }))
}
