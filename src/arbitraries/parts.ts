import { isRepeat, type Phase, type PhaseItem, type Scenario } from '../model/scenario.ts'

/** All phases of `scenario`, those of repeats once. */
export function phasesOf({ phases }: Pick<Scenario, 'phases'>): readonly Phase[] {
  return phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item]))
}

/** `scenario` with the phase of that name changed. */
export function withPhase(scenario: Scenario, name: string, change: (phase: Phase) => Phase): Scenario {
  const one = (phase: Phase) => (phase.name === name ? change(phase) : phase)
  const map = (item: PhaseItem): PhaseItem =>
    isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(one) } } : one(item)
  return { ...scenario, phases: scenario.phases.map(map) }
}

/** `value` with `key` set; without the key when the value is `undefined` or an empty list. */
export function withKey<T extends object, K extends keyof T>(value: T, key: K, to: T[K] | undefined): T {
  const { [key]: _old, ...rest } = value
  const isGone = to === undefined || (Array.isArray(to) && to.length === 0)
  // The rest of `T` with the key, where that is optional, is a `T`; callers drop optional keys alone.
  return (isGone ? rest : { ...value, [key]: to }) as T
}

/** `list` without some of its items: without all, without halves, quarters and so on, and without each. */
export function* fewer<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length === 0) return
  yield []
  for (let size = Math.ceil(list.length / 2); ; size = Math.ceil(size / 2)) {
    if (size < list.length)
      for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)]
    if (size === 1) return
  }
}

/** `list` with its item number `i` changed. */
export function replaced<T>(list: readonly T[], i: number, by: T): readonly T[] {
  return list.map((item, j) => (j === i ? by : item))
}
