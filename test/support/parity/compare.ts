import { type Difference, type DifferenceScope, differences } from '../parity-differences.ts'
import type { ParityCase, Scope } from './cases.ts'

export type RealEngine = Difference['engines'][number]

/** What is to be compared, and with what. */
export interface Compared {
  readonly one: ParityCase
  readonly scope: Scope
  readonly engine: RealEngine
  /** What a simulation shows where the fault is for that scope. */
  simulated(scope: Scope): string
}

/**
 * What a simulation shows, with every difference that is listed for the engine. `onUse` is told of each fault for which
 * one of them changes something.
 */
export function asListed(compared: Compared, onUse: (use: string) => void = () => {}): string {
  const { one, scope, engine, simulated } = compared
  let text = simulated(scope)
  for (const difference of listedFor(engine)) {
    const { faults, scopes, like, overHttp, rewrites = [] } = difference
    if (!faults.includes(one.fault) || !scopes.includes(kindOf(scope))) continue
    if (overHttp && one.secure) continue
    const before = text
    if (like) text = asListed({ ...compared, scope: like })
    for (const [from, to] of rewrites) text = text.replace(from, to)
    if (text !== before) onUse(useOf(one.fault, difference))
  }
  return text
}

/** All that `asListed` can tell of, for this engine. */
export function allUses(engine: RealEngine): readonly string[] {
  return listedFor(engine).flatMap(difference => difference.faults.map(fault => useOf(fault, difference)))
}

function kindOf(scope: Scope): DifferenceScope {
  return scope === 'first' || scope === 'half' ? 'some' : scope
}

function listedFor(engine: RealEngine): readonly Difference[] {
  return differences.filter(({ engines }) => engines.includes(engine))
}

function useOf(fault: string, { scopes, simulated, real }: Difference): string {
  return `${fault}, ${scopes.join(' and ')}: ${simulated} → ${real}`
}
