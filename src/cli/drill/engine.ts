import type { Unsupported } from '../../engines/msw-support.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { EngineName } from './request.ts'

/** What an engine cannot do of a scenario, told before anything is opened. */
export function unsupportedBy(engine: EngineName, { surfaces = {} }: Scenario): readonly Unsupported[] {
  if (engine === 'toxiproxy') return []
  return Object.entries(surfaces).flatMap(([name, { tcp }]) =>
    tcp === undefined
      ? []
      : [
          {
            path: `surfaces.${name}`,
            message: 'The loopback engine cannot carry a TCP service.',
            hint: 'Drill it with --engine toxiproxy.',
          },
        ],
  )
}
