import { count, percent, spell } from '../../reports/text.ts'

/** What a figure counts: ms, a share in [0, 1], pieces, or pieces for each of something. */
export type Unit = 'ms' | 'share' | 'pieces' | 'ratio'

/** One figure of a scorecard. */
export interface Score {
  /** Kebab-case; by it a run is set beside the one before. */
  readonly id: string
  readonly what: string
  readonly unit: Unit
  /** Absent where there is nothing to say. */
  readonly value?: number
  /** The value for people; a dash where there is none. */
  readonly text: string
  /** Where it comes from, or why there is none. */
  readonly from: string
}

type Named = Pick<Score, 'id' | 'what' | 'unit'>

export const nothing = '–'

/** A figure that has a value; `text` is made of it when not said. */
export function scored(named: Named, value: number, { from, text }: { from: string; text?: string }): Score {
  return { ...named, value, text: text ?? valueText(value, named.unit), from }
}

/** A figure that has none, and why. */
export function unscored(named: Named, why: string): Score {
  return { ...named, text: nothing, from: why }
}

export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return spell(value)
    case 'share':
      return percent(value)
    case 'pieces':
      return count(value)
    case 'ratio':
      return String(Number(value.toFixed(2)))
  }
}

/** Of this share of a minute's tasks that ended badly on, the minute counts as one in which users saw it. */
export const badShare = 0.05
