import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import type { WorkloadSpec } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { refuseTooManyTasks } from '../../../src/workload/too-many-tasks.ts'
import { planWorkload } from '../../../src/workload/workload.ts'
import { fakeScenario } from '../../support/fake-result.ts'

function refused(workload: WorkloadSpec, users?: number): boolean {
  const plan = compilePlan({ ...fakeScenario, workload }, faults)
  try {
    refuseTooManyTasks(plan, planWorkload(plan, users === undefined ? {} : { users }))
    return false
  } catch (error) {
    expect(String(error)).toMatch(/^UsageError: The workload comes to about [\d,]+ tasks; a run holds 500,000\.$/)
    return true
  }
}

test.for<[WorkloadSpec, boolean]>([
  [{}, false],
  [{ arrivals: 600 }, false],
  [{ arrivals: 1_000_000 }, true],
  [{ arrivals: { from: 0, to: 1_000_000 } }, true],
  [{ users: 1_000, think: 1 }, true],
  [{ tasks: 400_000 }, false],
  [{ spikes: [{ at: { phase: 'down', offset: 0 }, tasks: 10_000_000 }] }, true],
])('%j is refused: %s', ([workload, isRefused]) => {
  expect(refused(workload)).toBe(isRefused)
})

test('a million users from the command line are refused too', () => {
  expect(refused({}, 1_000_000)).toBe(true)
})
