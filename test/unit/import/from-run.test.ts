import { expect, test } from 'vitest'
import failFast from '../../../fixtures/clients/fail-fast.ts'
import { importText } from '../../../src/cli/import-file.ts'
import { shippedScenarios } from '../../../src/cli/registry.ts'
import { isRepeat, type Scenario } from '../../../src/model/scenario.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { runScenario } from '../../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../../src/scenario/index.ts'
import { logOf } from '../../support/run-log.ts'

function shipped(id: string): Scenario {
  const { scenario } = readScenarioFile(shippedScenarios().get(id) ?? '', { catalogue })
  if (!scenario) throw new Error(`${id} does not parse`)
  return scenario
}

/** `11 m unavailable 1`, a line a phase that fails for the client, which asks for messages alone. */
function course(scenario: Scenario): readonly { minutes: number; faults: string; share: number }[] {
  return scenario.phases.flatMap(item => {
    const [entry] = isRepeat(item) ? [] : (item.faults ?? [])
    if (isRepeat(item) || !entry || entry.when?.model?.some(model => model.includes('opus-4'))) return []
    const faults = entry.fault ? [entry.fault.id] : (entry.mix ?? []).map(({ fault }) => fault.id)
    const share = typeof entry.share === 'number' ? entry.share : 1
    return [{ minutes: item.for / 60_000, faults: faults.toSorted().join('|'), share }]
  })
}

test.for(['relapse', 'brownout-ten-percent', 'false-recovery', 'second-outage'])(
  '%s, run and imported from its log, is about the same',
  { timeout: 60_000 },
  async id => {
    const known = course(merged(shipped(id)))
    const { journal } = await runScenario({ scenario: shipped(id), integration: failFast, seed: 3 })
    const found = course(importText(logOf(journal), { file: `${id}.csv` }).scenario)

    expect(found.map(({ faults }) => faults)).toEqual(known.map(({ faults }) => faults))
    for (const [i, { minutes, share }] of known.entries()) {
      expect(Math.abs((found[i]?.minutes ?? 0) - minutes), `length of phase ${i}`).toBeLessThan(1.5 + minutes / 20)
      expect(Math.abs((found[i]?.share ?? 0) - share), `share of phase ${i}`).toBeLessThan(0.05)
    }
  },
)

/** Phases that fail alike and follow each other are one to a log. */
function merged(scenario: Scenario): Scenario {
  const phases: Scenario['phases'][number][] = []
  for (const phase of scenario.phases) {
    const last = phases.at(-1)
    const isSame =
      last && !isRepeat(last) && !isRepeat(phase) && JSON.stringify(last.faults) === JSON.stringify(phase.faults)
    if (isSame) phases[phases.length - 1] = { ...last, for: last.for + phase.for }
    else phases.push(phase)
  }
  return { ...scenario, phases }
}
