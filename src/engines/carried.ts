import type { AttemptOutcome } from '../journal/event.ts'
import { type Effect, pass } from '../model/effect.ts'
import type { Script } from '../providers/provider.ts'
import { outcomeOf } from './exchange.ts'

/** What is left for the engine to do where a proxy in front of it does the rest: to answer well, and never where nothing may come. */
export function leftToDo(effect: Effect): Effect {
  return effect.type === 'hold' ? effect : pass
}

/** What the client has seen when the engine has sent its answer whole, and the proxy has done to it what was decided. */
export function carriedOutcome(effect: Effect, script: Script): AttemptOutcome {
  switch (effect.type) {
    case 'refuse':
      return 'refused'
    case 'reset':
      return 'reset'
    case 'cut':
      return 'cut'
    case 'stall':
      return effect.forMs === undefined ? 'open' : outcomeOf(pass, script)
    default:
      return outcomeOf(pass, script)
  }
}
