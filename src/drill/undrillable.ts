import { unsupportedByToxiproxy } from '../engines/toxiproxy/unsupported.ts'
import { UsageError } from '../lib/errors.ts'
import { compilePlan } from '../model/timeline.ts'
import { catalogueWith } from '../run/catalogue.ts'
import { unsupportedByClient } from '../run/unsupported-by-client.ts'
import { outOfRun } from '../scenario/index.ts'
import type { DrillOptions } from './options.ts'

interface Problem {
  readonly path: string
  readonly message: string
  readonly hint: string
}

/** Throws a `UsageError` that names, each at its line, what of the scenario a drill of this app cannot do. */
export function refuseUndrillable(options: DrillOptions): void {
  const { scenario, file = 'scenario', positions } = options
  const problems = [...problemsOf(options), ...outOfRun(scenario)]
  if (problems.length === 0 && options.engine === 'toxiproxy')
    problems.push(...unsupportedByToxiproxy(compilePlan(scenario, catalogueWith(options).faults)))
  if (problems.length === 0) return
  const lines = problems.map(({ path, message, hint }) => {
    const place = positions?.of(path)
    return `${file}:${place?.line ?? 1}:${place?.column ?? 1}: ${message} (${path}) ${hint}`
  })
  throw new UsageError(lines.join('\n'))
}

function problemsOf(options: DrillOptions): readonly Problem[] {
  const { scenario, integration, app, program, engine, instances } = options
  const isDriven = integration !== undefined || app?.perform !== undefined
  const problems: Problem[] = []
  const refuse = (path: string, message: string, hint: string) => problems.push({ path, message, hint })
  if (scenario.matrix) refuse('matrix', 'A drill goes through one outage, not a matrix of them.', 'Use blackstart run.')
  for (const [name, { tcp }] of Object.entries(scenario.surfaces ?? {}))
    if (tcp !== undefined && engine === 'loopback')
      refuse(`surfaces.${name}`, 'The loopback engine cannot carry a TCP service.', 'Use --engine toxiproxy.')
  const isThere = isDriven || program !== undefined
  for (const [i, event] of (scenario.events ?? []).entries()) {
    const needs = ['restart', 'crash', 'scale', 'traffic'].find(key => key in event)
    if (needs === undefined) continue
    if (!isThere) refuse(`events[${i}]`, `There is no app to ${needs}.`, 'Give it one: --client MODULE, or -- COMMAND.')
    else if (needs === 'traffic' && !isDriven)
      refuse(
        `events[${i}]`,
        'Nobody drives the program, so its traffic is its own.',
        'Say how it is asked: app.perform in the config.',
      )
    else if (needs === 'scale' && program)
      refuse(`events[${i}]`, 'A program has one instance in a drill.', 'Take it out, or use a client module.')
  }
  if (options.passThrough && engine === 'toxiproxy')
    throw new UsageError(
      'With --upstream faults are put on a share of the traffic, and a proxy in front has them for all of it.',
      'Leave --engine out: the loopback engine lets traffic through.',
    )
  if (options.passThrough && options.host !== undefined && options.host !== '127.0.0.1')
    throw new UsageError(
      '--upstream and --listen together would let others spend what your key pays for.',
      'Leave one of them out.',
    )
  if (engine === 'toxiproxy' && options.host !== undefined && options.host !== '127.0.0.1')
    throw new UsageError(
      'The proxies of --engine toxiproxy are reached from this machine alone.',
      'Leave --engine out, or --listen.',
    )
  if (program && instances !== undefined && instances > 1)
    throw new UsageError(
      `A program has one instance in a drill, and ${instances} were asked for.`,
      'Leave --instances out, or use a client module.',
    )
  if (program && instances === undefined && (scenario.workload?.instances ?? 1) > 1)
    refuse('workload.instances', 'A program has one instance in a drill.', 'Say --instances 1, or use a client module.')
  return [...problems, ...(integration ? unsupportedByClient(scenario, integration) : [])]
}
