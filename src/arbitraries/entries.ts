import type { CapacityEntry, FaultEntry, Level, LimitEntry, RetryAfterSpec, When } from '../model/scenario.ts'
import { fullSurface } from '../model/timeline.ts'
import type { Dice } from './dice.ts'
import type { Frame, UsedSurface } from './frame.ts'
import type { FaultKind } from './kinds.ts'
import type { Profile } from './profile.ts'

const [s, m] = [1_000, 60_000]
const none: ReadonlySet<string> = new Set()

/** What entries are made from. */
export interface Making {
  readonly dice: Dice
  readonly frame: Frame
  readonly profile: Profile
}

/** A surface as a scenario of this app names it: without the provider where that is the scenario's own. */
export function shownSurface(name: string, { app }: Frame): string {
  const bare = name.slice(name.indexOf('.') + 1)
  if (name.startsWith('http.') && app.surfaces) return bare
  return fullSurface(bare, app.provider, none) === name ? bare : name
}

/** A fault on `surface`, whole or in part; `undefined` where none of the run's kinds can befall it. */
export function faultEntry(making: Making, surface: UsedSurface): FaultEntry | undefined {
  const { dice, frame, profile } = making
  const kinds = profile.kinds.filter(kind => kind.fits(surface))
  if (kinds.length === 0) return undefined
  const isMix = kinds.length > 1 && dice.chance(0.2)
  const share = profile.partial && dice.chance(0.6) ? drawShare(dice) : undefined
  const when = profile.conditions && dice.chance(0.6) ? drawWhen(dice, surface) : undefined
  return {
    surface: [shownSurface(surface.name, frame)],
    ...(isMix ? { mix: drawMix(dice, kinds) } : { fault: dice.pick(kinds).make(dice) }),
    ...(share !== undefined && { share }),
    ...(profile.sticky &&
      dice.chance(0.7) && {
        sticky: dice.weighted([
          [5, 'call'],
          [2, 'user'],
          [1, 'session'],
        ] as const),
      }),
    ...(when && { when }),
  }
}

function drawMix(dice: Dice, kinds: readonly FaultKind[]): NonNullable<FaultEntry['mix']> {
  const [first, second] = [dice.pick(kinds), dice.pick(kinds)]
  const share = dice.pick([0.2, 0.5, 0.7])
  const rest = share === 0.2 ? 0.8 : share === 0.5 ? 0.5 : 0.3
  return [
    { fault: first.make(dice), share },
    { fault: second.make(dice), share: rest },
  ]
}

function drawShare(dice: Dice): Level {
  if (dice.chance(0.15))
    return dice.pick([
      { from: 1, to: 0 },
      { from: 0, to: 1 },
      { from: 0.5, to: 0.1 },
    ])
  return dice.pick([0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
}

function drawWhen(dice: Dice, { streams, plain, models }: UsedSurface): When {
  const kinds: (readonly [number, When])[] = [
    [2, { first: dice.pick([1, 3, 10]) }],
    [2, { nth: dice.int(1, 5) }],
    [1, { every: dice.pick([2, 3, 5]) }],
    [2, { first: dice.int(1, 2), per: 'call' }],
    [1, { tenant: ['tenant-1'] }],
  ]
  if (streams && plain) kinds.push([3, { streaming: dice.chance(0.7) }])
  if (models.length > 1) kinds.push([3, { model: [dice.pick(models)] }])
  return dice.weighted(kinds)
}

/** A rate limit on `surface`, steady or on the way back to normal. */
export function limitEntry({ dice, frame }: Making, surface: UsedSurface): LimitEntry {
  const from = dice.pick([1, 3, 6, 12])
  const level: Level = dice.chance(0.5) ? from : { from, to: dice.pick([30, 60]) }
  const as = dice.weighted<RetryAfterSpec['as'] | undefined>([
    [3, undefined],
    [3, 'seconds'],
    [1, 'date'],
    [1, 'ms'],
    [2, 'none'],
  ])
  const value = dice.chance(0.3) ? dice.pick([5 * s, 30 * s, 2 * m]) : undefined
  return {
    surface: [shownSurface(surface.name, frame)],
    ...(surface.kind === 'model' && dice.chance(0.15) ? { output_tokens: from * 500 } : { requests: level }),
    ...(dice.chance(0.4) && { per: dice.pick(['key', 'tenant', 'model', 'org'] as const) }),
    ...(dice.chance(0.5) && { burst: dice.pick([1, 2, 5]) }),
    ...(as && { retry_after: { as, ...(as !== 'none' && value !== undefined && { value }) } }),
  }
}

/** A provider with few slots, which calls pile up before. */
export function capacityEntry({ dice, frame }: Making, surface: UsedSurface): CapacityEntry {
  return {
    surface: [shownSurface(surface.name, frame)],
    slots: dice.pick([1, 2, 4]),
    service: dice.pick([1 * s, 3 * s, 10 * s]),
    ...(dice.chance(0.7) && { max_wait: dice.pick([1 * s, 5 * s, 20 * s]) }),
    ...(dice.chance(0.3) && { reject_cost: dice.pick([0.1, 0.3]) }),
    ...(dice.chance(0.3) && { warm_up: dice.pick([30 * s, 2 * m]) }),
  }
}
