import { inContext } from '../attribution/attribution.ts'
import { createStorage, type RunStorage } from '../clients/storage.ts'
import type { Integration } from '../model/integration.ts'
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
      const tooLate = stage.clock.sleep(startPatienceMs).then(() => {
        throw new Error(`it did not come back within ${startPatienceMs / 60_000} minutes of virtual time`)
      })
      // The loser of the race must not become an unhandled rejection.
      tooLate.catch(() => {})
      this.apps.push(await Promise.race([starting, tooLate]))
    }
  }

  /** Stops them all; one that fails to stop is a notice, not the end of the others. */
  async stop(): Promise<void> {
    const { stage, integration } = this
    if (!integration.stop) return
    for (const [instance, app] of this.apps.entries())
      await inContext({ instance, task: undefined }, async () => {
        try {
          await Promise.race([integration.stop?.(app), stage.clock.sleep(stopPatienceMs)])
        } catch (error) {
          stage.notices.add(`stop threw ${error instanceof Error ? error.name : typeof error} in instance ${instance}.`)
        }
      })
  }

  [Symbol.dispose](): void {
    for (const storage of this.storages) storage.dispose()
  }
}
