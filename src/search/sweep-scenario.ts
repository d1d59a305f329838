import type { Frame } from '../arbitraries/frame.ts'
import type { Phase, PhaseItem, Scenario, WorkloadSpec } from '../model/scenario.ts'
import { crowdUsers } from './stretches.ts'
import type { Strike, Traffic } from './strike.ts'

/** How long a sweep's runs take from t = 0, unless they need more, ms. */
export const stretchMs = 180_000
const lapMs = 60_000
/** So many ask as often as each wants to. */
const mostUsers = 2 * crowdUsers

/** How many ask, how long each thinks, ms, and how long it lasts, ms. */
const traffics: Readonly<Record<Traffic, { readonly users: number; readonly think: number; readonly for: number }>> = {
  few: { users: 2, think: 30_000, for: stretchMs },
  some: { users: 6, think: 15_000, for: stretchMs },
  crowd: { users: crowdUsers, think: 120_000, for: 600_000 },
  // Twice as much as an app must cope with: where it is too much on a good day, nothing is judged.
  rush: { users: crowdUsers, think: 60_000, for: 300_000 },
}

/** A short stretch with little traffic, but where it takes more: what a run costs is what it asks. */
export function sweepScenario(frame: Frame, strike: Partial<Strike> = {}): Scenario {
  const { expect, ...app } = frame.app
  return {
    blackstart: 1,
    id: 'sweep',
    ...app,
    phases: phasesFor(strike),
    steady_state: { for: 30_000 },
    workload: workloadFor(frame, strike),
    ...(expect && { expect }),
  }
}

function phasesFor({ entries = [], limits = [], traffic = 'few', laps }: Partial<Strike>): readonly PhaseItem[] {
  const phase: Phase = {
    ...{ name: 'sweep', for: laps === undefined ? traffics[traffic].for : lapMs },
    ...(entries.length > 0 && { faults: entries }),
    ...(limits.length > 0 && { limits }),
  }
  return laps === undefined ? [phase] : [{ repeat: { times: laps, phases: [phase, { name: 'clear', for: lapMs }] } }]
}

function workloadFor({ app, attemptsPerTask }: Frame, { traffic = 'few' }: Partial<Strike>): WorkloadSpec {
  const { arrivals: _arrivals, tasks: _tasks, ...workload } = app.workload ?? {}
  const { users: usual, think } = traffics[traffic]
  const users = usual < crowdUsers ? usual : (workload.users ?? usual)
  // Tasks of many requests come less often, and very many users ask no more in all.
  const slower = Math.min(3, Math.max(1, attemptsPerTask / 2)) * Math.max(1, users / mostUsers)
  return { streaming: 0.5, ...workload, users, instances: 1, think: Math.round(think * slower) }
}
