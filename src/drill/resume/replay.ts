import type { JournalEvent } from '../../journal/event.ts'
import { readInjectedMark } from '../../run/injected-mark.ts'
import type { DrillParts } from '../parts.ts'
import { followMark } from '../steered.ts'
import { relay } from '../steering.ts'

/**
 * Brings the timeline and what people injected to where an earlier process had them. A mark that somebody made by hand
 * under such a name, and that says nothing, is left alone.
 */
export function replay(parts: DrillParts, events: readonly JournalEvent[]): void {
  const { timeline, injections } = parts
  for (const event of events) {
    if (followMark(timeline, event)) relay(parts)
    if (event.type !== 'mark' || event.t < 0) continue
    if (event.mark === 'injected') restore(parts, event.says ?? '', event.t)
    if (event.mark === 'injection-ended') injections.named(event.says ?? '')?.stop(event.t)
  }
  relay(parts)
}

function restore({ injections }: DrillParts, says: string, t: number): void {
  const told = readInjectedMark(says)
  if (!told) return
  try {
    injections.restore(told, t)
  } catch {
    // No fault that anybody knows: it was not injected by us.
  }
}
