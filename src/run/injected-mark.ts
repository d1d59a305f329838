import { formatDuration, parseDuration } from '../lib/duration.ts'
import type { Injection } from './injections.ts'

/** What the mark `injected` tells. */
export interface InjectedMark {
  readonly spelled: Omit<Injection, 'for'>
  /** To the end of the scenario when absent. */
  readonly lengthMs: number | undefined
}

/** `overloaded on api, 30%, for 5m`: the words of a mark `injected`, for people. */
export function injectedText(says: string): string {
  const read = readInjectedMark(says)
  if (!read) return says
  const { surface, fault, mix, share } = read.spelled
  const { lengthMs } = read
  const what = [fault, ...(Array.isArray(mix) ? mix.map(one => (isObject(one) ? one['fault'] : one)) : [])]
  return [
    `${what.flatMap(nameOf).join(' or ')} on ${[surface].flat().join(', ')}`,
    ...(share === undefined ? [] : [typeof share === 'string' ? share : JSON.stringify(share)]),
    ...(lengthMs === undefined ? [] : [`for ${formatDuration(lengthMs)}`]),
  ].join(', ')
}

/** A fault as it is spelled: `overloaded`, or `{ overloaded: { retry_after: 30s } }`. */
function nameOf(fault: unknown): readonly string[] {
  if (typeof fault === 'string') return [fault]
  return isObject(fault) ? Object.keys(fault) : []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
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
