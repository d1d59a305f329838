import { inContext } from '../attribution/attribution.ts'
import { createStorage, type RunStorage } from '../clients/storage.ts'
import { formatDuration } from '../lib/duration.ts'
import type { Integration } from '../model/integration.ts'
import { describeError } from './describe-error.ts'
import type { Stage } from './stage.ts'

/** `start` may take this much virtual time. */
const startPatienceMs = 5 * 60_000
const stopPatienceMs = 60_000

/** The app instances of a run: one `start()` each, with storage of its own. */
export class Instances implements Disposable {
  readonly apps: unknown[] = []
  private readonly stage: Stage
  private readonly integration: Integration
  private readonly storages: RunStorage[] = []

  constructor(stage: Stage, integration: Integration) {
    this.stage = stage
    this.integration = integration
  }

  /** Starts `count` instances, one after the other. Rejects with what `start` threw, or when it does not come back. */
  async start(count: number, env: Readonly<Record<string, string>>): Promise<void> {
    const { stage, integration } = this
    for (let instance = 0; instance < count; instance++) {
      const storage = createStorage()
      this.storages.push(storage)
      const context = { env: { ...env }, storage, signal: stage.stopper.signal, instance }
      const starting = inContext({ instance, task: undefined }, async () => integration.start?.(context))
      this.apps.push(await this.inTime(starting, startPatienceMs, 'start'))
    }
  }

  /** Stops them all; one that fails to stop is noted, and is not the end of the others. */
  async stop(): Promise<void> {
    const { stage, integration } = this
    if (!integration.stop) return
    for (const [instance, app] of this.apps.entries())
      await inContext({ instance, task: undefined }, async () => {
        try {
          await this.inTime((async () => integration.stop?.(app))(), stopPatienceMs, 'stop')
        } catch (error) {
          stage.note('stop-failed', describeError(error))
        }
      })
  }

  /** What `work` resolves to, if it does so within `patienceMs` of virtual time. */
  private async inTime<T>(work: Promise<T>, patienceMs: number, what: string): Promise<T> {
    const inTime = new AbortController()
    const tooLate = this.stage.clock.sleep(patienceMs, inTime.signal).then(() => {
      if (!inTime.signal.aborted)
        throw new Error(`${what} did not come back within ${formatDuration(patienceMs)} of virtual time`)
      return work
    })
    try {
      return await Promise.race([work, tooLate])
    } finally {
      inTime.abort()
      // The loser of the race must not become an unhandled rejection.
      tooLate.catch(() => {})
    }
  }

  [Symbol.dispose](): void {
    for (const storage of this.storages) storage.dispose()
  }
}
