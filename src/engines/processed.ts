import type { Effect } from '../model/effect.ts'
import type { Processed } from '../model/ledger.ts'
import type { Script } from '../providers/provider.ts'

/** What became of a request that the provider took and worked on. */
export function processedAs(effect: Effect, script: Script): Processed {
  switch (effect.type) {
    case 'lose':
      return 'lost'
    case 'stream-error':
      return 'failed'
    case 'delay':
      return processedAs(effect.then, script)
    default:
      return script.type === 'respond' && script.good ? 'answered' : 'broken'
  }
}
