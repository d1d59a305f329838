import { draw, drawExponential } from '../lib/draw.ts'
import type { TaskInput } from '../model/integration.ts'
import type { Level, WorkloadSpec } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { type Question, questionPool } from './questions.ts'

/** Who asks what, how often: numbers only, so that it can stand in the journal's first line. */
export interface Workload {
  /** Users of each instance. */
  readonly users: number
  readonly instances: number
  readonly tenants: number
  readonly questions: number
  /** Mean think time between a user's tasks, ms. */
  readonly thinkMs: number
  readonly streamingShare: number
  readonly criticalShare: number
  /** Tasks of the whole app arrive at this rate a minute, whoever is waiting; in place of think time. */
  readonly arrivals?: Level
  /** Each task is a turn of a conversation of so many. */
  readonly sessions?: { readonly turns: number; readonly tools: boolean }
  /** Share of tasks that are background jobs. */
  readonly jobShare?: number
}

export interface WorkloadOverrides {
  readonly users?: number
  readonly instances?: number
  readonly thinkMs?: number
}

const defaultUsers = 60
const tasksInAHealthyRun = 2_000
const tasksAPhase = 20
const tasksAtMost = 20_000
const turnsOfASession = 4
const shareOfJobs = 0.2
/** A healthy answer's usual time, taken off the think time. */
const answerMs = 1_000

/**
 * The default workload: 60 users whose think time makes about 2,000 tasks in the phases of a healthy run, however long
 * they are, and at least 20 in the shortest one (as far as 20,000 in all will do). More users ask more; they do not
 * think longer.
 */
export function planWorkload(plan: Plan, overrides: WorkloadOverrides = {}): Workload {
  const spec: WorkloadSpec = plan.scenario.workload ?? {}
  const shortest = Math.min(...plan.phases.map(phase => phase.endMs - phase.startMs), Number.POSITIVE_INFINITY)
  const lengthMs = Math.max(plan.lengthMs, 60_000)
  const perMs = Math.min(
    Math.max((spec.tasks ?? tasksInAHealthyRun) / lengthMs, Number.isFinite(shortest) ? tasksAPhase / shortest : 0),
    Math.max(tasksAtMost, spec.tasks ?? 0) / lengthMs,
  )
  return {
    users: overrides.users ?? spec.users ?? defaultUsers,
    instances: overrides.instances ?? spec.instances ?? 1,
    tenants: spec.tenants ?? 3,
    questions: spec.questions ?? 50,
    thinkMs:
      overrides.thinkMs ?? spec.think ?? Math.max(500, Math.round((spec.users ?? defaultUsers) / perMs) - answerMs),
    streamingShare: spec.streaming ?? 0.1,
    criticalShare: spec.critical ?? 0.1,
    ...(spec.arrivals !== undefined && { arrivals: spec.arrivals }),
    ...(spec.sessions && {
      sessions: { turns: spec.sessions.turns ?? turnsOfASession, tools: spec.sessions.tools ?? false },
    }),
    ...(spec.jobs && { jobShare: spec.jobs.share ?? shareOfJobs }),
  }
}

/** One user of one instance, as a source of tasks. */
export interface User {
  readonly instance: number
  readonly number: number
  readonly name: string
  readonly tenant: string
  readonly session: string
}

export function usersOf(workload: Workload): readonly User[] {
  return Array.from({ length: workload.instances }, (_, instance) =>
    Array.from({ length: workload.users }, (_, number): User => {
      const name = `u${number + 1}`
      return {
        instance,
        number,
        name,
        tenant: `tenant-${(number % workload.tenants) + 1}`,
        session: `s${instance + 1}-${number + 1}`,
      }
    }),
  ).flat()
}

/** The tasks of a user, one after the other; everything is drawn from the seed by (instance, user, task number). */
export class TaskSource {
  private readonly workload: Workload
  private readonly seed: number
  private readonly pool: readonly Question[]

  constructor(workload: Workload, seed: number) {
    this.workload = workload
    this.seed = seed
    this.pool = questionPool(workload.questions)
  }

  /** The user's `n`th task, from 1. Every tenth task of a user streams, at the default share. */
  task(user: User, n: number, id: string): TaskInput {
    const question = this.pool[Math.floor(this.chance('question', user, n) * this.pool.length)] ?? this.pool[0]
    const every = this.workload.streamingShare
    // Spread evenly: the k-th task streams when the running share crosses a whole number; users are staggered.
    const place = user.number + n
    const stream = Math.floor(place * every) > Math.floor((place - 1) * every)
    return {
      id,
      prompt: question?.prompt ?? '',
      question: question?.id ?? '',
      tenant: user.tenant,
      session: user.session,
      user: user.name,
      stream,
      class: this.chance('class', user, n) < this.workload.criticalShare ? 'critical' : 'normal',
    }
  }

  /** Whether the user's `n`th task is a background job. */
  isJob(user: User, n: number): boolean {
    const { jobShare } = this.workload
    return jobShare !== undefined && this.chance('job', user, n) < jobShare
  }

  /** Ms of thought before the user's `n`th task; the first comes somewhere in `firstWithinMs`. */
  thinkMs(user: User, n: number, firstWithinMs: number): number {
    if (n === 1) return Math.floor(this.chance('first', user, n) * firstWithinMs)
    return Math.round(drawExponential(this.workload.thinkMs, this.chance('think', user, n)))
  }

  private chance(purpose: string, user: User, n: number): number {
    return draw(this.seed, purpose, user.instance, user.number, n)
  }
}
