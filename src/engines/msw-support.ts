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

  for (const [name, { tcp }] of Object.entries(scenario.surfaces ?? {}))
    if (tcp !== undefined) refuse(`surfaces.${name}`, 'carry a TCP service', 'Give it an HTTP address, or take it out.')
  return problems
}

/**
 * What handlers in somebody's own `setupServer` cannot perform of `scenario`: beside the engine's limits, all that needs
 * the app in our hands. Its workload is left to the test that drives the app.
 */
export function unsupportedByHandlers(scenario: Scenario): readonly Unsupported[] {
  const problems = [...unsupportedByMsw(scenario)]
  const refuse = (path: string, what: string) =>
    problems.push({
      path,
      message: `Handlers cannot ${what}: they do not run the app.`,
      hint: 'Use runScenario for it.',
    })

  if (scenario.events && scenario.events.length > 0) refuse('events', 'restart, crash or scale the app')
  if (scenario.stop_when && scenario.stop_when.length > 0) refuse('stop_when', 'stop a run by what its tasks come to')
  if (scenario.matrix) refuse('matrix', 'run a matrix of variants')
  return problems
}
