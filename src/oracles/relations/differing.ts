import { byPhase, evidenceOf, sayCount } from '../finding.ts'
import type { Judgement, Severity } from '../oracle.ts'
import { differenceOf, type Pair, pairTasks } from './pairs.ts'
import type { Ran, Twin } from './relation.ts'

export interface Differing {
  readonly base: Ran
  readonly runs: readonly Ran[]
  /** What the runs are called, in their order. */
  readonly names: readonly string[]
  readonly severity: Severity
  readonly advice: string
  /** Which tasks are compared; all when absent. */
  isCompared?(pair: Pair): boolean
}

/** Judges that every task goes the same way in all runs. */
export function judgeSame({ base, runs, names, severity, advice, isCompared = () => true }: Differing): Judgement {
  let examined = 0
  const findings = runs.flatMap((run, i) => {
    const pairs = pairTasks(base.view, run.view).filter(isCompared)
    examined += pairs.length
    const cases = pairs.flatMap(pair => {
      const what = differenceOf(pair)
      const { id, phase, startMs } = pair.before
      return what === undefined ? [] : [{ id, phase, weight: -startMs, what, startMs }]
    })
    const [first] = cases.toSorted((a, b) => a.startMs - b.startMs)
    const [worst] = byPhase(cases)
    if (!first || !worst) return []
    return [
      {
        severity,
        phase: first.phase,
        message:
          `${names[i]}: ${sayCount(cases.length, 'task')} of ${pairs.length} went another way; ${first.id} was the first: ` +
          first.what,
        evidence: evidenceOf(cases),
        advice,
      },
    ]
  })
  return { examined, ...(examined === 0 && { vacuous: 'no task was in both runs' }), findings }
}

export function namesOf(twins: readonly Twin[] | string): readonly string[] {
  return typeof twins === 'string' ? [] : twins.map(({ name }) => name)
}
