import { isExcused, succeeded, surfaceOf } from './attempts.ts'
import type { AttemptRecord, CallRecord, JournalView } from './view.ts'

/**
 * Attempts of one call at one surface and model, each begun after the one before it had failed. What was sent before
 * that is a hedge and no retry; what is sent after an answer is asked anew.
 */
export interface Chain {
  readonly call: CallRecord
  readonly surface: string
  readonly attempts: readonly AttemptRecord[]
}

/** All chains of a run, in order of their calls. */
export function chainsOf(view: JournalView): readonly Chain[] {
  return view.calls.flatMap(call => {
    const units = new Map<string, AttemptRecord[]>()
    for (const attempt of call.attempts) {
      const key = `${surfaceOf(attempt)} ${attempt.started.model ?? ''}`
      const unit = units.get(key)
      if (unit) unit.push(attempt)
      else units.set(key, [attempt])
    }
    return [...units.values()].flatMap(unit => chainsIn(call, unit))
  })
}

function chainsIn(call: CallRecord, unit: readonly AttemptRecord[]): readonly Chain[] {
  const chains: AttemptRecord[][] = []
  let chain: AttemptRecord[] = []
  let isAnswered = false
  for (const attempt of unit) {
    const last = chain.at(-1)
    if (!last || isAnswered) {
      chain = [attempt]
      chains.push(chain)
      isAnswered = false
    } else if (attempt.startMs >= (last.endMs ?? Number.POSITIVE_INFINITY)) chain.push(attempt)
    if (succeeded(attempt)) isAnswered = true
  }
  const [first] = unit
  return first ? chains.map(attempts => ({ call, surface: surfaceOf(first), attempts })) : []
}

/** Those of a chain that nothing excuses: neither told to wait, nor patient, nor made with a fresh key after a rejected one. */
export function unexcused({ attempts }: Chain): readonly AttemptRecord[] {
  const keys = new Set<string>()
  return attempts.filter((attempt, i) => {
    const before = attempts[i - 1]
    const isNewKey = !keys.has(attempt.started.key)
    keys.add(attempt.started.key)
    return !before || !isExcused(before, attempt, isNewKey)
  })
}
