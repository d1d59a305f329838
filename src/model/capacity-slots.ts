import type { Span } from './timeline.ts'

/** Slots that exist at the same times. */
export interface PlannedShelf {
  /** May be `Infinity`. */
  readonly count: number
  /** In order of time; work begins only within them, and is finished beyond them. */
  readonly open: readonly Span[]
}

/** What serves one request at a time. */
export interface Slot {
  readonly shelf: Shelf
  /** When all that it has been given is done, ms. */
  freeMs: number
  place: number
}

/** The slots of a shelf that have ever been used, as a heap: the one that is free first is on top. */
export interface Shelf {
  plan: PlannedShelf
  readonly heap: Slot[]
}

/** When a slot of the shelf could begin on something that comes at `t`; `Infinity` when none ever will. */
export function earliest({ plan, heap }: Shelf, t: number): number {
  const top = heap[0]
  const freeMs = top && heap.length >= plan.count ? Math.max(t, top.freeMs) : t
  for (const { startMs, endMs } of plan.open) if (freeMs < endMs) return Math.max(freeMs, startMs)
  return Number.POSITIVE_INFINITY
}

/** The slot that {@link earliest} spoke of, busy until `freeMs` from now on. */
export function occupy(shelf: Shelf, t: number, freeMs: number): Slot {
  const [top] = shelf.heap
  if (top && (top.freeMs <= t || shelf.heap.length >= shelf.plan.count)) {
    moveTo(top, freeMs)
    return top
  }
  const slot = { shelf, freeMs, place: shelf.heap.length }
  shelf.heap.push(slot)
  rise(slot)
  return slot
}

/** Puts off, or brings forward, when the slot is free. */
export function moveTo(slot: Slot, freeMs: number): void {
  slot.freeMs = freeMs
  rise(slot)
  sink(slot)
}

function rise(slot: Slot): void {
  const { heap } = slot.shelf
  while (slot.place > 0) {
    const parent = heap[(slot.place - 1) >> 1]
    if (!parent || parent.freeMs <= slot.freeMs) return
    swap(heap, parent, slot)
  }
}

function sink(slot: Slot): void {
  const { heap } = slot.shelf
  for (;;) {
    const left = heap[2 * slot.place + 1]
    const right = heap[2 * slot.place + 2]
    const child = right && left && right.freeMs < left.freeMs ? right : left
    if (!child || child.freeMs >= slot.freeMs) return
    swap(heap, slot, child)
  }
}

function swap(heap: Slot[], a: Slot, b: Slot): void {
  const place = a.place
  a.place = b.place
  b.place = place
  heap[a.place] = a
  heap[b.place] = b
}
