import type { Effect } from '../model/effect.ts'
import type { Processed } from '../model/ledger.ts'
import type { Chunk, Script } from '../providers/provider.ts'

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

/** Whether nothing is wrong with the answer but the time it takes. */
export function isOnlySlow(effect: Effect, processed: Processed | undefined): boolean {
  return processed === 'answered' && (effect.type === 'delay' || effect.type === 'slow' || effect.type === 'stall')
}

/** From arrival to the last byte, ms, where it ends at all. */
export function lengthOf(script: Script): number {
  if (script.type !== 'respond') return 0
  const sum = (chunks: readonly Chunk[]) => chunks.reduce((ms, { afterMs }) => ms + afterMs, 0)
  const stallMs = script.end.type === 'stall' ? (script.end.forMs ?? 0) + sum(script.end.rest ?? []) : 0
  return Math.round(script.afterMs + sum(script.chunks) + stallMs)
}
