import { type Effect, pass } from '../../model/effect.ts'

/** A good answer whose first byte comes late. */
export function lateBy(byMs: number): Effect {
  // biome-ignore lint/suspicious/noThenProperty: an effect and never a function, so nothing takes this for a promise.
  return { type: 'delay', byMs, then: pass }
}
