import { shownSurface } from '../arbitraries/entries.ts'
import type { Frame } from '../arbitraries/frame.ts'
import type { FaultEntry, FaultRef } from '../model/scenario.ts'
import type { Position } from './positions.ts'
import type { Strike, Traffic } from './strike.ts'
import { effectAt, fits, sweepFaults } from './sweep-faults.ts'

/** Users of a crowd, where the app does not say how many it has. */
export const crowdUsers = 60
/** Fewer are no crowd. */
const fewestUsers = 20

/** What shows where many wait for the same: none is answered, now and then or for long, few are let through, or all late. */
export function crowdsOf(frame: Frame): readonly Strike[] {
  const { surfaces, jobs, app } = frame
  // A queue has as many workers as its usual traffic needs: a crowd would be too much for it on a good day, too.
  const users = app.workload?.users ?? (jobs ? 0 : crowdUsers)
  const surface = surfaces
    .filter(({ everyday, kind }) => everyday && kind === 'model')
    .map(({ name }) => shownSurface(name, frame))
  if (users < fewestUsers || surface.length === 0) return []
  const strike = (traffic: Traffic, more: Partial<Strike>): Strike => ({
    ...{ origin: 'sweep', entries: [], traffic },
    ...more,
  })
  const fault = (id: string, params: FaultRef['params'] = {}): FaultEntry => ({ surface, fault: { id, params } })
  return [
    strike('rush', { entries: [fault('overloaded')], laps: 4 }),
    strike('rush', { entries: [fault('overloaded')] }),
    strike('rush', { limits: [{ surface, requests: 12 }] }),
    strike('crowd', { entries: [fault('slow-first-byte', { by: 10_000 })] }),
    strike('rush', { entries: [fault('black-hole')] }),
  ]
}

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
      return entries.map((one): Strike => ({ origin: 'sweep', entries: [one], traffic: 'some' }))
    }),
  )
}

/** Whether a likelier fault does the same to the request. */
function isKnown(fault: FaultRef, rank: number, position: Position): boolean {
  const effect = effectAt(fault, position)
  return sweepFaults.slice(0, rank).some(other => fits(other, position) && effectAt(other, position) === effect)
}
