import { oncePer } from '../lib/once-per.ts'
import { ambiguity } from './ambiguity.ts'
import { isExcused, succeeded, surfaceOf, wasPatient } from './attempts.ts'
import type { AttemptRecord, CallRecord, JournalView } from './view.ts'

/**
 * Attempts of one call at one surface and model, each begun after the one before it had failed. What was sent before
 * that is a hedge and no retry; what is sent after an answer is asked anew. What may as well be another open task’s, as
 * of two jobs with the same question, belongs to none.
 */
export interface Chain {
  readonly call: CallRecord
  readonly surface: string
  readonly attempts: readonly AttemptRecord[]
}

/** All chains of a run, in order of their calls: many oracles ask for them. */
export const chainsOf = oncePer(chainsAnew)

function chainsAnew(view: JournalView): readonly Chain[] {
  const mayBeOthers = ambiguity(view)
  return view.calls.flatMap(call => {
    const units = new Map<string, AttemptRecord[]>()
    for (const attempt of call.attempts) {
      const key = `${surfaceOf(attempt)} ${attempt.started.model ?? ''}`
      const unit = units.get(key)
      if (unit) unit.push(attempt)
      else units.set(key, [attempt])
    }
    return [...units.values()].flatMap(unit => chainsIn(call, unit, mayBeOthers))
  })
}

function chainsIn(
  call: CallRecord,
  unit: readonly AttemptRecord[],
  mayBeOthers: (attempt: AttemptRecord) => boolean,
): readonly Chain[] {
  const chains: AttemptRecord[][] = []
  let chain: AttemptRecord[] = []
  let isAnswered = false
  for (const attempt of unit) {
    if (mayBeOthers(attempt)) {
      // It may have been the answer.
      isAnswered = true
      continue
    }
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

/**
 * The chain, cut where 30 s or more passed after a failure: a worker that asks again then begins anew. In each part, those
 * that nothing excuses besides.
 */
export function bursts(chain: Chain): readonly (readonly AttemptRecord[])[] {
  const counted = new Set(unexcused(chain))
  const parts: AttemptRecord[][] = []
  chain.attempts.forEach((attempt, i) => {
    const before = chain.attempts[i - 1]
    if (!before || wasPatient(before, attempt)) parts.push([attempt])
    else if (counted.has(attempt)) parts.at(-1)?.push(attempt)
  })
  return parts
}

/** Those of a chain that nothing excuses: neither told to wait, nor patient, nor made with a fresh key after a rejected one. */
function unexcused({ attempts }: Chain): readonly AttemptRecord[] {
  const keys = new Set<string>()
  return attempts.filter((attempt, i) => {
    const before = attempts[i - 1]
    const isNewKey = !keys.has(attempt.started.key)
    keys.add(attempt.started.key)
    return !before || !isExcused(before, attempt, isNewKey)
  })
}
