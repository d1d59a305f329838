import { shownSurface } from '../arbitraries/entries.ts'
import type { Frame } from '../arbitraries/frame.ts'
import type { FaultEntry, FaultRef } from '../model/scenario.ts'
import type { Position } from './positions.ts'
import type { Strike } from './strike.ts'
import { effectAt, fits, sweepFaults } from './sweep-faults.ts'

/** Faults of a request, or of a key: what they do to one tenant is no reason to treat others otherwise. */
const ofOneTenant: readonly string[] = [
  'bad-request',
  'rate-limited',
  'unauthorized',
  'forbidden',
  'too-large',
  'quota',
]

/** One tenant of those that the users of a run belong to. */
const tenant = ['tenant-1']

/**
 * Faults that last, each on all of a surface, for what counts failures before it does anything; and those that can be one
 * tenant's own on its requests alone. The likeliest fault first, on all surfaces.
 */
export function stretchesOf(positions: readonly Position[], frame: Frame): readonly Strike[] {
  const bySurface = Map.groupBy(positions, ({ surface }) => surface)
  return sweepFaults.flatMap((fault, rank) =>
    [...bySurface].flatMap(([surface, own]) => {
      const position = own.find(one => fits(fault, one))
      if (!position || isKnown(fault, rank, position)) return []
      const entry: FaultEntry = { surface: [shownSurface(surface, frame)], fault }
      const isShared = frame.app.workload?.tenants !== 1 && ofOneTenant.includes(fault.id)
      const entries = isShared ? [entry, { ...entry, when: { tenant } }] : [entry]
      return entries.map((one): Strike => ({ origin: 'sweep', entries: [one], isLasting: true }))
    }),
  )
}

/** Whether a likelier fault does the same to the request. */
function isKnown(fault: FaultRef, rank: number, position: Position): boolean {
  const effect = effectAt(fault, position)
  return sweepFaults.slice(0, rank).some(other => fits(other, position) && effectAt(other, position) === effect)
}
