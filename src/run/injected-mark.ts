import { parseDuration } from '../lib/duration.ts'
import type { Injection } from './injections.ts'

/** What the mark `injected` tells. */
export interface InjectedMark {
  readonly spelled: Omit<Injection, 'for'>
  /** To the end of the scenario when absent. */
  readonly lengthMs: number | undefined
}

/** Reads the words of a mark `injected`; nothing where somebody made one by hand. */
export function readInjectedMark(says: string): InjectedMark | undefined {
  const [, spelled, length] = /^(\{.*\})(?: for (\S+))?$/s.exec(says) ?? []
  if (spelled === undefined) return undefined
  try {
    return {
      spelled: JSON.parse(spelled) as InjectedMark['spelled'], // whoever injects it reads it again
      lengthMs: length === undefined ? undefined : parseDuration(length),
    }
  } catch {
    return undefined
  }
}
