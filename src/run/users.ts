import { instantMs } from '../model/timeline.ts'
import { Arrivals } from '../workload/arrivals.ts'
import type { Traffic } from '../workload/traffic.ts'
import { type TaskSource, type User, usersOf, type Workload } from '../workload/workload.ts'
import type { Since } from './since.ts'
import type { Stage } from './stage.ts'
import type { Tasks } from './tasks.ts'

export interface UsersOptions {
  readonly stage: Stage
  readonly workload: Workload
  readonly source: TaskSource
  readonly traffic: Traffic
  readonly tasks: Tasks
  /** Present where a run goes on that another process has begun: everybody goes on with the question after the last. */
  readonly since?: Since | undefined
}

/** Task numbers of a spike begin behind all others of the user. */
const spikeNumbers = 1_000_000

/** The users of a run: who asks, and when. */
export class Users {
  private readonly options: UsersOptions
  private readonly users: readonly User[]

  constructor(options: UsersOptions) {
    this.options = options
    this.users = usersOf(options.workload)
  }

  /** When no new task is started any more, ms since t = 0; a phase that is held moves it. */
  private get endMs(): number {
    const { plan } = this.options.stage
    return plan.lengthMs + plan.tailMs
  }

  /** Lets all users live until no new task is to be started; resolves when the last of their tasks has settled. */
  async live(): Promise<void> {
    const { arrivals } = this.options.workload
    const everyday = arrivals === undefined ? this.users.map(user => this.liveOne(user)) : [this.arrive()]
    await Promise.all([...everyday, ...this.spikes()])
  }

  /** Asks, waits for the answer, and thinks before the next question. */
  private async liveOne(user: User): Promise<void> {
    const { stage, source, traffic, tasks } = this.options
    // The first questions fall into the warm-up, well before its end, so that it has something to show.
    const firstWithinMs = stage.plan.warmUpMs * 0.75
    for (let n = this.askedBy(user) + 1; ; n++) {
      await traffic.sleep(source.thinkMs(user, n, firstWithinMs), Math.max(1, this.endMs - stage.t()))
      // However many users wake at once, each has moved.
      stage.clock.progress()
      if (stage.over || stage.t() >= this.endMs) return
      await tasks.do(user, n)
    }
  }

  /** Tasks come by themselves, whoever is waiting. */
  private async arrive(): Promise<void> {
    const { stage, workload, traffic, tasks } = this.options
    const arrivals = new Arrivals({
      rate: workload.arrivals ?? 0,
      lengthMs: stage.plan.lengthMs,
      warmUpMs: stage.plan.warmUpMs,
      seed: stage.seed,
      users: this.users,
      traffic,
      t: () => stage.t(),
    })
    const open = new Set<Promise<void>>()
    for (let k = (this.options.since?.tasks ?? 0) + 1; ; k++) {
      await arrivals.wait(k, this.endMs)
      if (stage.over || stage.t() >= this.endMs) break
      const user = arrivals.userOf(k)
      if (!user) break
      const task = tasks.do(user, k).finally(() => open.delete(task))
      open.add(task)
    }
    await Promise.all(open)
  }

  /** How many tasks the user has had before this process, those of spikes included: a number is left out, and none used twice. */
  private askedBy({ session }: User): number {
    return this.options.since?.asked.get(session) ?? 0
  }

  private spikes(): readonly Promise<void>[] {
    const { stage, tasks } = this.options
    const { plan, clock, stopper } = stage
    return (plan.scenario.workload?.spikes ?? []).map(async (spike, i) => {
      const t = instantMs(spike.at, plan.phases, plan.lengthMs)
      // What came before a break has come.
      if (t >= this.endMs || t <= (this.options.since?.t ?? Number.NEGATIVE_INFINITY)) return
      await clock.sleep(Math.max(0, t - stage.t()), stopper.signal)
      if (stage.over) return
      await Promise.all(
        Array.from({ length: spike.tasks }, (_, j) => {
          const user = this.users[j % this.users.length]
          const n = spikeNumbers * (i + 1) + Math.floor(j / this.users.length)
          return user && tasks.do(user, n)
        }),
      )
    })
  }
}
