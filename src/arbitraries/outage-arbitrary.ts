import * as fc from 'fast-check'
import type { Scenario } from '../model/scenario.ts'
import type { Catalogue } from '../scenario/index.ts'
import type { Frame } from './frame.ts'
import { makeOutage, type OutageOptions } from './outage.ts'
import { simplerOutages } from './simpler.ts'
import { isValid, shipped } from './valid.ts'
import { varyOutage } from './vary.ts'

export interface OutageArbitraryOptions extends OutageOptions {
  /** An outage to vary, in half of the runs. */
  readonly base?: Scenario | undefined
  /** What scenarios may name; what ships when absent. */
  readonly catalogue?: Catalogue
}

/**
 * Outages of the app in `frame`, for fast-check: every one could stand in a file. Any scenario can be an example and
 * shrinks, written by hand or not, for what shrinks is the scenario itself.
 */
export function outageArbitrary(frame: Frame, options: OutageArbitraryOptions = {}): fc.Arbitrary<Scenario> {
  return new OutageArbitrary(frame, options)
}

class OutageArbitrary extends fc.Arbitrary<Scenario> {
  private readonly frame: Frame
  private readonly options: OutageArbitraryOptions

  constructor(frame: Frame, options: OutageArbitraryOptions) {
    super()
    this.frame = frame
    this.options = options
  }

  generate(random: fc.Random): fc.Value<Scenario> {
    return new fc.Value(
      drawOutage(this.frame, () => random.nextDouble(), this.options),
      undefined,
    )
  }

  canShrinkWithoutContext(value: unknown): value is Scenario {
    return typeof value === 'object' && value !== null && 'blackstart' in value && 'phases' in value
  }

  shrink(value: Scenario): fc.Stream<fc.Value<Scenario>> {
    const { catalogue = shipped } = this.options
    return fc.stream(simplerOutages(value, catalogue)).map(simpler => new fc.Value(simpler, undefined))
  }
}

/** How often an outage is made anew when it cannot stand in a file. */
const triesAtMost = 8

/** One outage, made anew or by variation of the base. */
export function drawOutage(
  frame: Frame,
  next: () => number,
  { base, catalogue = shipped, ...options }: OutageArbitraryOptions = {},
): Scenario {
  for (let i = 0; i < triesAtMost; i++) {
    // What is made anew is valid as it is.
    if (base === undefined || next() < 0.5) return makeOutage(frame, next, options)
    const outage = varyOutage(base, frame, next, options)
    if (isValid(outage, catalogue)) return outage
  }
  const { expect: _expect, ...app } = frame.app
  return { blackstart: 1, id: 'outage', ...app, phases: [] }
}
