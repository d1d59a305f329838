import type { Arrival } from '../../../src/model/arrival.ts'
import { type Decision, decide } from '../../../src/model/decide.ts'
import { defineFault, type Fault } from '../../../src/model/fault.ts'
import type { FaultEntry, FaultRef, LimitEntry, Phase, PhaseItem, Scenario } from '../../../src/model/scenario.ts'
import { compilePlan, minuteMs, type Plan } from '../../../src/model/timeline.ts'
import { createWorld, type World } from '../../../src/model/world.ts'

const toy = (id: string, streamingOnly = false): Fault =>
  defineFault({
    id,
    says: 'Toy.',
    params: {},
    streamingOnly,
    effect: (_params, { draw }) => ({ type: 'slow', perTokenMs: Math.floor(draw('toy') * 1_000) }),
  })

/** The model knows no real fault: these have names, and an effect that shows the draw. */
export const toys: ReadonlyMap<string, Fault> = new Map(
  [toy('down'), toy('slow'), toy('odd'), toy('cut', true)].map(fault => [fault.id, fault]),
)

export const ref = (id: string): FaultRef => ({ id, params: {} })

export function fault(id: string, more: Partial<FaultEntry> = {}): FaultEntry {
  return { surface: ['api'], ...(more.mix ? {} : { fault: ref(id) }), ...more }
}

/** A phase of a minute. */
export function phase(name: string, faults: readonly FaultEntry[] = [], limits: readonly LimitEntry[] = []): Phase {
  return { name, for: minuteMs, faults, limits }
}

export function scenario(phases: readonly PhaseItem[], more: Partial<Scenario> = {}): Scenario {
  return { blackstart: 1, id: 'toy', provider: 'anthropic', phases, ...more }
}

export function planOf(phases: readonly PhaseItem[], more: Partial<Scenario> = {}): Plan {
  return compilePlan(scenario(phases, more), toys)
}

export function arrival(more: Partial<Arrival> = {}): Arrival {
  return {
    provider: 'anthropic',
    surface: 'api.messages',
    model: 'claude-sonnet-5-5',
    streaming: false,
    key: 'canary',
    tenant: 'acme',
    region: undefined,
    session: 's1',
    inputTokens: 100,
    maxOutputTokens: 500,
    instance: 0,
    user: 0,
    taskNumber: 1,
    attemptNumber: 1,
    call: 'c1',
    callNumber: 1,
    ...more,
  }
}

/** A world that is asked one arrival after the other. */
export function ask(plan: Plan, { seed = 1, world = createWorld() }: { seed?: number; world?: World } = {}) {
  return {
    world,
    at: (t: number, more: Partial<Arrival> = {}): Decision => decide(plan, world, arrival(more), t, seed),
  }
}

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
