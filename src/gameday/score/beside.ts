import type { Plan } from '../../model/timeline.ts'
import { outageOf } from './in-force.ts'
import { nothing, type Score, type Unit, valueText } from './score.ts'
import { type PageWord, writtenWords } from './status-page.ts'

/** What happened then. */
export interface Precedent {
  readonly id: string
  readonly title: string
  readonly sources: readonly string[]
  readonly words: readonly PageWord[]
  /** From the onset to the page's first word, ms; absent where it said nothing. */
  readonly firstWordMs?: number
  /** The game day is played on the precedent itself. */
  readonly isSame: boolean
}

/** What a scenario is modelled on, by the precedent's own scenario. */
export function precedentOf(written: Plan, id: string): Precedent {
  const { scenario } = written
  const words = writtenWords(written)
  const startMs = outageOf(written)?.startMs ?? 0
  const first = words.find(({ t }) => t >= startMs)
  return {
    ...{ id: scenario.id, title: scenario.title ?? scenario.id, sources: scenario.basis?.sources ?? [], words },
    ...(first && { firstWordMs: first.t - startMs }),
    isSame: scenario.id === id,
  }
}

/** A figure of this run beside that of another. */
export interface Beside {
  readonly what: string
  readonly now: string
  readonly last: string
  /** `-3 m`, `+5 points`; a dash where one of them has no value. */
  readonly change: string
}

/** Figures of this run beside those of the last one, in this one's order. */
export function besideOf(now: readonly Score[], then: readonly Score[]): readonly Beside[] {
  return now.map(({ id, what, unit, value, text }) => {
    const before = then.find(score => score.id === id)
    return {
      ...{ what, now: text, last: before?.text ?? nothing },
      change: value === undefined || before?.value === undefined ? nothing : changeText(value - before.value, unit),
    }
  })
}

function changeText(by: number, unit: Unit): string {
  if (by === 0) return 'the same'
  const sign = by > 0 ? '+' : '−'
  const size = Math.abs(by)
  return unit === 'share' ? `${sign}${Number((100 * size).toFixed(2))} points` : `${sign}${valueText(size, unit)}`
}
