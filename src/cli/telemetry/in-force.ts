import type { Plan } from '../../model/timeline.ts'
import { type Entry, entriesOf } from './watched.ts'

/** A fault that begins or ends. */
export interface Turn {
  readonly type: 'began' | 'ended'
  readonly entry: Entry
  /** When, ms of the scenario. */
  readonly t: number
}

/** Which faults are in force, told by looking again and again at a plan that people move. */
export class InForce {
  private readonly on = new Map<number, Entry>()
  private lookedMs = Number.NEGATIVE_INFINITY

  /** What began and ended since the last look, in order; those that came and went between two looks are among them. */
  look(plan: Plan, t: number): readonly Turn[] {
    const entries = entriesOf(plan)
    // In this order: what is over now has not come anew.
    const turns = [...this.begun(entries, t), ...this.over(entries, t)]
    this.lookedMs = t
    return turns.toSorted((a, b) => a.t - b.t || b.type.localeCompare(a.type))
  }

  /** The drill is over at `t`, and so is whatever was in force. */
  finish(t: number): readonly Turn[] {
    return [...this.on.values()].map(entry => this.end(entry, t))
  }

  private over(entries: readonly Entry[], t: number): readonly Turn[] {
    const now = new Map(entries.map(entry => [entry.index, entry]))
    return [...this.on.values()].flatMap(entry => {
      // One that people have cut short to nothing stands in the plan no more.
      const endMs = now.get(entry.index)?.endMs ?? t
      return endMs > t ? [] : [this.end(entry, Math.max(endMs, this.lookedMs))]
    })
  }

  private begun(entries: readonly Entry[], t: number): readonly Turn[] {
    const fresh = entries.filter(
      ({ index, startMs, endMs }) => startMs <= t && endMs > this.lookedMs && !this.on.has(index),
    )
    return fresh.flatMap(entry => {
      this.on.set(entry.index, entry)
      const began: Turn = { type: 'began', entry, t: entry.startMs }
      return entry.endMs > t ? [began] : [began, this.end(entry, entry.endMs)]
    })
  }

  private end(entry: Entry, t: number): Turn {
    this.on.delete(entry.index)
    return { type: 'ended', entry, t }
  }
}
