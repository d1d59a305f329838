import type { Dice } from './dice.ts'
import type { Frame, UsedSurface } from './frame.ts'
import { type FaultKind, faultKinds, outright } from './kinds.ts'

/**
 * What exists at all in one outage. A run in which everything goes wrong a little finds little: each has a few kinds of
 * trouble, and those in earnest (swarm testing).
 */
export interface Profile {
  readonly kinds: readonly FaultKind[]
  /** Surfaces that anything befalls. */
  readonly surfaces: readonly UsedSurface[]
  /** All of them go at once, and come back one after the other. */
  readonly blackout: boolean
  /** Many users, for what shows in crowds only. */
  readonly crowd: boolean
  /** A provider that reacts to load, and is not far from what it can. */
  readonly nearItsLimit: boolean
  readonly partial: boolean
  readonly conditions: boolean
  readonly sticky: boolean
  readonly limits: boolean
  readonly capacity: boolean
  readonly tracks: boolean
  readonly events: boolean
}

export function drawProfile(dice: Dice, { surfaces: all, jobs, app }: Frame): Profile {
  // A provider that is busy on a good day turns some away on others, whoever asks: only for an app that says it copes. What
  // it makes of an outage shows after one.
  const copes = app.expect?.some(({ oracle }) => oracle === 'not-metastable') ?? false
  const nearItsLimit = copes && dice.chance(0.25)
  const blackout = nearItsLimit || dice.chance(all.length > 1 ? 0.35 : 0.15)
  const surfaces = blackout && dice.chance(0.7) ? all.filter(({ everyday }) => everyday) : drawSurfaces(dice, all)
  const fitting = faultKinds.filter(
    kind => surfaces.some(surface => kind.fits(surface)) && (!blackout || outright.has(kind.id)),
  )
  const most = dice.weighted([
    [4, 1],
    [4, 2],
    [2, 4],
    [1, 8],
  ] as const)
  const kinds = new Set<FaultKind>()
  const weighted = fitting.map(kind => [kind.weight, kind] as const)
  for (let i = 0; i < most && weighted.length > 0; i++) kinds.add(dice.weighted(weighted))
  return {
    kinds: [...kinds],
    surfaces,
    blackout,
    // A queue has as many workers as its usual traffic needs: a crowd would be too much for it on a good day, too.
    crowd: dice.chance(blackout ? 0.35 : 0.15) && (!jobs || app.workload?.users !== undefined),
    nearItsLimit,
    partial: dice.chance(0.5),
    conditions: dice.chance(0.25),
    sticky: dice.chance(jobs ? 0.4 : 0.15),
    limits: dice.chance(0.2),
    capacity: dice.chance(0.08),
    tracks: dice.chance(0.2),
    events: dice.chance(jobs ? 0.5 : 0.25),
  }
}

/** What the app lives on most of all; at times all at once, or what it falls back upon. */
function drawSurfaces(dice: Dice, all: readonly UsedSurface[]): readonly UsedSurface[] {
  const everyday = all.filter(surface => surface.everyday)
  const reserve = all.filter(surface => !surface.everyday)
  const own = dice.some(everyday, 0.6)
  return reserve.length > 0 && dice.chance(0.4) ? [...own, ...dice.some(reserve, 0.7)] : own
}
