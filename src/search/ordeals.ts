import { shownSurface } from '../arbitraries/entries.ts'
import type { Frame, UsedSurface } from '../arbitraries/frame.ts'
import { capacityFor } from '../arbitraries/size.ts'
import type { CapacityEntry, FaultEntry, FaultRef, Phase, Scenario, WorkloadSpec } from '../model/scenario.ts'

const m = 60_000
/** Traffic, a minute: a dozen further runs are made of each ordeal, and some relations need many tasks in few minutes. */
const [tasksAtMost, attemptsAtMost, tasksAtLeast] = [30, 60, 6]
const usersAtMost = 10
/** Few enough that a store has answers to give. */
const questions = 5

/**
 * Outages to judge relations on, each of a sort of its own: soon over, with an instant to wait until, long and without an
 * answer, in part, and at a provider that reacts to load where the app says it copes. A `base` is the user's own, and first.
 */
export function ordealsOf(frame: Frame, base?: Scenario): readonly Scenario[] {
  const used = frame.surfaces.filter(({ kind }) => kind !== 'status')
  const everyday = used.filter(surface => surface.everyday)
  const models = everyday.filter(({ kind }) => kind === 'model')
  const first = models.length > 0 ? models : everyday
  const workload = workloadOf(frame)
  const copes = frame.app.expect?.some(({ oracle, off }) => oracle === 'not-metastable' && !off) ?? false
  const { expect: _, ...app } = frame.app
  const ordeal = (id: string, phases: readonly Phase[], more: Partial<Scenario> = {}): Scenario => ({
    ...{ blackstart: 1, id, ...app, workload, phases: [...phases, { name: 'clear', for: 4 * m }], ...more },
  })
  const down = (ms: number, entry: FaultEntry): Phase => ({ name: 'down', for: ms, faults: [entry] })
  const on = (surfaces: readonly UsedSurface[], id: string, params: FaultRef['params'] = {}): FaultEntry => ({
    surface: surfaces.map(({ name }) => shownSurface(name, frame)),
    fault: { id, params },
  })
  const overSoon = down(2 * m, on(first, 'overloaded'))
  const slow: Phase = {
    name: 'slow',
    for: 2 * m,
    capacity: [{ surface: overSoon.faults?.[0]?.surface ?? [], speed: 0.1 }],
  }
  return [
    ...(base ? [ownOrdeal(base)] : []),
    ordeal('over-soon', [overSoon]),
    ...(copes ? [ordeal('at-its-limit', [overSoon, slow], { capacity: capacityOf(frame, first, workload) })] : []),
    ordeal('until-then', [down(3 * m, on(first, 'rate-limited', { retry_after_as: 'date' }))]),
    ordeal('unheard', [down(10 * m, on(used, 'black-hole'))]),
    ordeal('in-part', [down(5 * m, { ...on(everyday, 'unavailable'), share: 0.5 })]),
  ]
}

/** Users who ask as often as all can be run a dozen times, of an app as it is used. */
function workloadOf({ app, attemptsPerTask }: Frame): WorkloadSpec {
  const { arrivals: _, tasks: __, spikes: ___, ...own } = app.workload ?? {}
  const users = Math.min(own.users ?? usersAtMost, usersAtMost)
  const tasks = Math.min(tasksAtMost, Math.max(tasksAtLeast, attemptsAtMost / attemptsPerTask))
  return { questions, streaming: 0.5, ...own, users, think: Math.max(1_000, Math.round((users / tasks) * 60) * 1_000) }
}

/** Three quarters of what it can: the refusals of a few retries are more than the rest. */
function capacityOf(frame: Frame, [surface]: readonly UsedSurface[], workload: WorkloadSpec): readonly CapacityEntry[] {
  if (!surface) return []
  const name = shownSurface(surface.name, frame)
  return [capacityFor(workload, { frame, surface: name, service: 1_600, load: 0.7, rejectCost: 0.33 })]
}

/** A scenario of somebody's own, without what is of no use in a search. */
function ownOrdeal(base: Scenario): Scenario {
  const { matrix: _, game_day: __, found: ___, stop_when: ____, expect: _____, ...scenario } = base
  return scenario
}
