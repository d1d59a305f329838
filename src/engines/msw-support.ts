import type { Scenario } from '../model/scenario.ts'

/** Something a scenario asks that an engine cannot do yet: the path in the scenario, and what it is. */
export interface Unsupported {
  readonly path: string
  readonly message: string
  readonly hint: string
}

const later = 'Take it out, or keep the file for a version that can.'

/** What the msw engine of this version cannot perform of `scenario`. Empty means that it performs every line. */
export function unsupportedByMsw(scenario: Scenario): readonly Unsupported[] {
  const problems: Unsupported[] = []
  const refuse = (path: string, what: string, hint = later) =>
    problems.push({ path, message: `The msw engine cannot ${what} yet.`, hint })

  if (scenario.capacity) refuse('capacity', 'let capacity react to load')
  scenario.phases.forEach((item, i) => {
    const phases = 'repeat' in item ? item.repeat.phases : [item]
    phases.forEach((phase, j) => {
      const path = 'repeat' in item ? `phases[${i}].repeat.phases[${j}]` : `phases[${i}]`
      if (phase.capacity) refuse(`${path}.capacity`, 'let capacity react to load')
    })
  })
  if (scenario.events && scenario.events.length > 0) refuse('events', 'restart, crash or scale the client')
  if (scenario.surfaces) refuse('surfaces', 'serve own surfaces')
  if (scenario.matrix) refuse('matrix', 'run a matrix of variants', 'Write the variants as scenarios of their own.')
  if (scenario.stop_when && scenario.stop_when.length > 0) refuse('stop_when', 'stop a run by a condition')
  const { workload } = scenario
  for (const key of ['arrivals', 'sessions', 'jobs', 'spikes'] as const)
    if (workload?.[key] !== undefined) refuse(`workload.${key}`, `drive \`${key}\` of a workload`)
  return problems
}
