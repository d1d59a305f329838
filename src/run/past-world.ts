import type { JournalEvent } from '../journal/event.ts'
import { enterInLedger } from '../model/ledger.ts'
import type { Plan } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import { recordedWorld } from './recorded-world.ts'

/**
 * Enters in a world that is new what the journal shows of the one before it: whom each entry hit, whom it counted, and what
 * was done. Tokens, the state of rate limits and queues, and what providers keep stand in no journal.
 */
export function enterPast(world: World, events: readonly JournalEvent[], plan: Plan): void {
  const { counts, touched } = recordedWorld(events, plan)
  for (const [index, count] of counts) world.counts.set(index, count)
  for (const index of touched) world.touched.add(index)
  for (const event of events) {
    if (event.type === 'attempt-started' && event.processed !== undefined)
      enterInLedger(world.ledger, event.processed, 0, 0)
    if (event.type === 'side-effect') world.ledger.sideEffects.set(`${event.surface} ${event.key}`, event.times)
  }
}
