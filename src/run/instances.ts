import type { Integration } from '../model/integration.ts'
import { Instance, type Running } from './instance.ts'
import type { Stage } from './stage.ts'

export interface InstancesOptions {
  readonly stage: Stage
  /** The client of each generation of lives; the last one serves all that come later. */
  readonly integrations: readonly [Integration, ...Integration[]]
  readonly env: Readonly<Record<string, string>>
}

/** The app instances of a run, and the load balancer in front of them. */
export class Instances implements Disposable {
  private readonly all: Instance[] = []
  private readonly options: InstancesOptions
  /** How many there shall be. */
  private wanted = 0
  /** How many there were at first: users are numbered by them. */
  private first = 0

  constructor(options: InstancesOptions) {
    this.options = options
    const { signal } = options.stage.stopper
    const abortAll = () => {
      for (const instance of this.all) instance.abort(signal.reason)
    }
    signal.addEventListener('abort', abortAll, { once: true })
  }

  /** Starts `count` instances, one after the other. Rejects with what `start` threw, or when it does not come back. */
  async start(count: number): Promise<void> {
    this.wanted = count
    this.first = count
    for (let index = 0; index < count; index++) await this.add().start()
  }

  /** The instance that a user of instance `home` is sent to: the own one, or else the next that is up. */
  route(home: number, user: number): Running | undefined {
    const own = this.homeOf(home, user)
    for (let i = 0; i < this.wanted; i++) {
      const running = this.all[(own + i) % this.wanted]?.running
      if (running) return running
    }
    return undefined
  }

  /** Where the user belongs: users are spread evenly over as many instances as there shall be. */
  homeOf(home: number, user: number): number {
    return (user * this.first + home) % this.wanted
  }

  /** Whether it is by the scenario's own wish that no instance is up. */
  get isDownExcused(): boolean {
    return this.all.slice(0, this.wanted).every(instance => instance.isExcused)
  }

  /** Those that are up, by their numbers. */
  get running(): readonly Running[] {
    return this.all.flatMap(instance => instance.running ?? [])
  }

  /** The first `count` of those that shall be there; all when absent. */
  some(count = this.wanted): readonly Instance[] {
    return this.all.slice(0, Math.min(count, this.wanted))
  }

  /** There shall be `count` instances from now on. */
  async scale(count: number): Promise<void> {
    this.wanted = count
    while (this.all.length < count) this.add()
    await Promise.all(this.all.map((instance, i) => (i < count ? instance.want() : instance.retire())))
  }

  /** Stops them all, at the end of the run; one that fails to stop is noted, and is not the end of the others. */
  async stop(): Promise<void> {
    for (const instance of this.all) await instance.stop()
  }

  [Symbol.dispose](): void {
    for (const instance of this.all) instance[Symbol.dispose]()
  }

  private add(): Instance {
    const { stage, integrations, env } = this.options
    const integrationOf = (generation: number) => integrations[generation] ?? integrations.at(-1) ?? integrations[0]
    const instance = new Instance({ stage, index: this.all.length, integrationOf, env })
    this.all.push(instance)
    return instance
  }
}
