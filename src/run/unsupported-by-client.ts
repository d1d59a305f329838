import type { Unsupported } from '../engines/msw-support.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'

/** What `scenario` asks of the client that it does not offer. */
export function unsupportedByClient(scenario: Scenario, { name, jobs }: Integration): readonly Unsupported[] {
  if (scenario.workload?.jobs === undefined || jobs !== undefined) return []
  return [
    {
      path: 'workload.jobs',
      message: `The workload submits jobs, and the client "${name}" has no \`jobs\`.`,
      hint: 'Add `jobs: { submit: (app, job) => …, list: app => [{ id, state }] }` to the client module, or take this line out.',
    },
  ]
}
