import { ownSurfaceName, type Plan, type PlannedFault, plannedLimits } from '../../model/timeline.ts'
import type { Unsupported } from '../msw-support.ts'
import { actionOf, condition, entriesOn, overlap, type Route, touches } from './route.ts'

/** The routes of the scenario's own TCP services, with the addresses they lead to. */
export function tcpRoutes({ scenario }: Plan): readonly (Route & { readonly address: string })[] {
  return Object.entries(scenario.surfaces ?? {}).flatMap(([name, { tcp }]) => {
    const surface = `http.${ownSurfaceName(name)}`
    return tcp === undefined ? [] : [{ name: surface, kind: 'tcp' as const, surfaces: [surface], address: tcp }]
  })
}

/**
 * What Toxiproxy cannot perform of the plan. It is only ever of TCP services: in front of our own HTTP server, that
 * server does what a proxy cannot. Empty means that it performs every line.
 */
export function unsupportedByToxiproxy(plan: Plan): readonly Unsupported[] {
  const problems = new Map<string, Unsupported>()
  for (const route of tcpRoutes(plan)) {
    const name = ownSurfaceName(route.name)
    const add = (path: string, message: string, hint: string) => {
      if (!problems.has(path)) problems.set(path, { path, message, hint })
    }
    const entries = entriesOn(plan, route)
    entries.forEach((entry, i) => {
      const problem = problemOf(entry, entries.slice(0, i))
      if (problem)
        add(
          `${entry.path}.${problem.key}`,
          `Toxiproxy cannot ${problem.what} on the TCP service "${name}": ${problem.because}.`,
          problem.hint,
        )
    })
    for (const [what, list] of [
      ['limit', plannedLimits(plan)],
      ['capacity', plan.capacity],
    ] as const)
      for (const entry of list)
        if (touches(entry, route))
          add(
            entry.path,
            `Toxiproxy cannot keep a ${what} on the TCP service "${name}": it sees bytes, and no requests.`,
            'Name HTTP surfaces in it alone.',
          )
  }
  return [...problems.values()]
}

interface Problem {
  /** Of the entry. */
  readonly key: string
  readonly what: string
  readonly because: string
  readonly hint: string
}

const kinds = 'On TCP there are refused, reset, black-hole, slow-first-byte, slow-tokens, stream-cut and stream-stall.'

function problemOf(entry: PlannedFault, before: readonly PlannedFault[]): Problem | undefined {
  const key = condition(entry)
  if (key !== undefined)
    return {
      ...{ key, what: `heed "${key}"`, because: 'it does not see who asks for what' },
      hint: 'Take it out, or name HTTP surfaces alone.',
    }
  const id = entry.options.length === 1 ? entry.options[0]?.fault.id : undefined
  const action = actionOf(entry, 'tcp')
  if (action.type === 'cannot')
    return {
      ...{ key: id === undefined ? 'mix' : 'fault', what: id === undefined ? 'do a mix' : `do "${id}"` },
      ...{ because: action.because, hint: kinds },
    }
  const isPart = entry.share !== 1
  if (isPart && action.type === 'closed')
    return {
      ...{ key: 'share', what: 'refuse a share of the connections', because: 'a port is open or closed for all' },
      hint: 'Leave "share" out, or use black-hole.',
    }
  if (isPart && action.type === 'toxic' && action.toxic.type === 'reset_peer')
    return {
      ...{ key: 'share', what: 'reset a share of the connections' },
      ...{ because: 'it then ends the others by a reset too, which may cost them their last bytes' },
      hint: 'Leave "share" out, or use black-hole.',
    }
  const partial = before.find(other => other.share !== 1 && overlap(other, entry))
  return (
    partial && {
      ...{
        key: 'surface',
        what: 'do two faults at a time',
        because: `${partial.path} is in force and leaves a share over`,
      },
      hint: 'Let the one end before the other begins, or give the first a share of 100%.',
    }
  )
}
