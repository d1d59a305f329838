import type { AttemptOutcome } from '../journal/event.ts'
import { leave, type Served } from '../model/capacity.ts'
import type { Chunk, Script } from '../providers/provider.ts'

/**
 * `script` at the pace of the slot that serves it: nothing comes before it has the slot, and the answer is whole when its
 * service ends, however fast the provider would have been. What is no answer needs no slot and gives it back.
 */
export function inItsTime(script: Script, served: Served | undefined, t: number): Script {
  if (!served) return script
  if (script.type !== 'respond' || !script.good) {
    leave(served, t)
    return script
  }
  const waitMs = served.startMs - t
  const serviceMs = served.finishMs - served.startMs
  const usualMs = script.chunks.reduce((sum, { afterMs }) => sum + afterMs, script.afterMs)
  // Rounded by when they come, so that roundings do not add up.
  let soFar = script.afterMs
  const dueMs = () => Math.round(waitMs + (usualMs > 0 ? (serviceMs * soFar) / usualMs : serviceMs))
  const afterMs = Math.max(1, dueMs())
  let lastMs = afterMs
  const chunks = script.chunks.map((chunk): Chunk => {
    soFar += chunk.afterMs
    const at = Math.max(lastMs, dueMs())
    const paced = { ...chunk, afterMs: at - lastMs }
    lastMs = at
    return paced
  })
  return { ...script, afterMs, chunks }
}

/** Whole ms that the request waits for a slot. */
export function waitOf(served: Served | undefined, t: number): number {
  return served ? Math.round(served.startMs - t) : 0
}

/** Gives the slot of a client that hung up to the next one, where the provider notices. */
export function freeSlot(served: Served | undefined, outcome: AttemptOutcome, t: number): void {
  if (served && !served.capacity.worksOn && hangUps.has(outcome)) leave(served, t)
}

const hangUps: ReadonlySet<AttemptOutcome> = new Set<AttemptOutcome>([
  'aborted',
  'headers-timeout',
  'body-timeout',
  'process-gone',
])
