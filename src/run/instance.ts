import { inContext } from '../attribution/attribution.ts'
import { type EndedBy, Life } from '../attribution/life.ts'
import { createStorage, type RunStorage } from '../clients/storage.ts'
import type { ClientEventRecord } from '../journal/event.ts'
import type { Integration } from '../model/integration.ts'
import { describeError } from './describe-error.ts'
import { inTime } from './in-time.ts'
import { reporterFor } from './reporter.ts'
import type { Stage } from './stage.ts'

/** `start` may take this much virtual time. */
const startPatienceMs = 5 * 60_000
const stopPatienceMs = 60_000
/** From the end of one process to the start of the next: a supervisor that was told of it, and one that has to find out. */
const restartAfterMs = 1_000
const crashAfterMs = 5_000
/** A start that fails is tried again after this, twice as long each time. */
const firstRetryMs = 10_000
const lastRetryMs = 5 * 60_000
/** A start that takes longer than this is the app's own doing. */
const quickStartMs = 30_000

/** What an instance needs to live. */
export interface InstanceOptions {
  readonly stage: Stage
  readonly index: number
  /** The client of each life: with modules of its own where there is one, as a new process has. */
  integrationOf(generation: number): Integration
  readonly env: Readonly<Record<string, string>>
}

/** An app that can be asked. */
export interface Running {
  readonly instance: number
  readonly life: Life
  readonly integration: Integration
  readonly app: unknown
  /** Aborted when the app is shut down; never by a crash, which says goodbye to nobody. */
  readonly signal: AbortSignal
}

interface Process {
  readonly life: Life
  readonly integration: Integration
  readonly shutdown: AbortController
  app?: unknown
}

/** One instance of the app: lives one after the other, on one storage. */
export class Instance implements Disposable {
  readonly index: number
  private readonly options: InstanceOptions
  private readonly storage: RunStorage = createStorage()
  private generations = 0
  private process: Process | undefined
  private takesTasks = false
  /** Whether somebody sees to it that there will be a next life. */
  private isReviving = false
  private isWanted = true
  private startFailed = false
  private startingSinceMs: number | undefined

  constructor(options: InstanceOptions) {
    this.options = options
    this.index = options.index
  }

  /** The app, while it can be asked. */
  get running(): Running | undefined {
    const { process } = this
    if (!process || !this.takesTasks) return undefined
    const { life, integration, app, shutdown } = process
    return { instance: this.index, life, integration, app, signal: shutdown.signal }
  }

  /** Whether it is down by the scenario's wish alone: no start of it failed or takes its time. */
  get isExcused(): boolean {
    if (this.startFailed) return false
    const { stage } = this.options
    return this.startingSinceMs === undefined || stage.t() - this.startingSinceMs <= stage.appMs(quickStartMs)
  }

  /** The first start. Rejects with what the app's `start` threw, or when it does not come back. */
  async start(): Promise<void> {
    await this.begin()
  }

  /** The process dies without a goodbye, whatever it is at; a new one starts a moment later. */
  async crash(): Promise<void> {
    if (!this.process) return
    this.write('crash')
    this.end('crash')
    await this.revive(crashAfterMs)
  }

  /** The app is asked to stop, takes no new task from then on, and starts again. */
  async restart(): Promise<void> {
    const { process } = this
    if (!process || !this.takesTasks) return
    this.write('restart')
    if (await this.shutDown(process, 'restart')) await this.revive(restartAfterMs)
  }

  /** The app is asked to stop, for good until it is wanted again. */
  async retire(): Promise<void> {
    this.isWanted = false
    if (this.process && this.takesTasks) await this.shutDown(this.process, 'scale')
    // It may be wanted again by the time that it has stopped.
    if (this.isWanted && !this.process) await this.revive(restartAfterMs)
  }

  /** Starts it where it is not running. */
  async want(): Promise<void> {
    this.isWanted = true
    if (!this.process) await this.revive(restartAfterMs)
  }

  /** Asks the app to stop, at the end of the run; one that fails to is noted. */
  async stop(): Promise<void> {
    if (this.process && this.takesTasks) await this.askToStop(this.process)
  }

  /** Tells the app that the run is over. */
  abort(reason: unknown): void {
    this.process?.shutdown.abort(reason)
  }

  [Symbol.dispose](): void {
    this.process?.life.forget()
    this.storage.dispose()
  }

  /** Resolves once the app is up, or its life has ended before it was. Rejects when its start fails. */
  private async begin(): Promise<void> {
    const { stage, index, env, integrationOf } = this.options
    const life = new Life(index, this.generations++)
    const integration = integrationOf(life.generation)
    const process: Process = { life, integration, shutdown: new AbortController() }
    this.process = process
    const report = reporterFor(stage, index, life)
    const context = { env: { ...env }, storage: this.storage.openFor(life), signal: process.shutdown.signal, report }
    const died = new Promise<void>(resolve => void life.onEnd(() => resolve()))
    const starting = inContext({ instance: index, task: undefined, life }, async () => {
      process.app = await integration.start?.({ ...context, instance: index })
    })
    await inTime(stage, Promise.race([starting, died]), stage.appMs(startPatienceMs), 'start')
    if (!life.isOver) this.takesTasks = true
  }

  /** Starts the app again, however often that takes. */
  private async revive(afterMs: number): Promise<void> {
    if (this.isReviving) return
    const { clock, stopper } = this.options.stage
    this.isReviving = true
    this.startingSinceMs = undefined
    let retryMs = firstRetryMs
    let waitMs = afterMs
    while (!this.takesTasks) {
      await clock.sleep(waitMs, stopper.signal)
      if (this.options.stage.over || !this.isWanted) break
      const outcome = await this.tryStart()
      waitMs = outcome === 'failed' ? retryMs : afterMs
      if (outcome === 'failed') retryMs = Math.min(2 * retryMs, lastRetryMs)
    }
    this.isReviving = false
    if (!this.isWanted) await this.retire()
  }

  private async tryStart(): Promise<'up' | 'died' | 'failed'> {
    const { stage } = this.options
    this.startingSinceMs ??= stage.t()
    try {
      await this.begin()
    } catch (error) {
      if (stage.over) return 'failed'
      this.startFailed = true
      this.write('start-failed')
      stage.note('start-failed', describeError(error), this.index)
      this.end('crash')
      return 'failed'
    }
    if (!this.takesTasks) return 'died'
    this.startFailed = false
    this.write('started')
    return 'up'
  }

  /** Whether the app was still there to be stopped at the end. */
  private async shutDown(process: Process, by: EndedBy): Promise<boolean> {
    this.takesTasks = false
    await this.askToStop(process)
    if (process.life.isOver || this.options.stage.over) return false
    process.shutdown.abort(new DOMException('The app is shut down.', 'AbortError'))
    this.end(by)
    this.write('stopped')
    return true
  }

  private async askToStop({ life, integration, app }: Process): Promise<void> {
    if (!integration.stop) return
    const { stage } = this.options
    const died = new Promise<void>(resolve => void life.onEnd(() => resolve()))
    await inContext({ instance: this.index, task: undefined, life }, async () => {
      try {
        const stopping = (async () => integration.stop?.(app))()
        await inTime(stage, Promise.race([stopping, died]), stage.appMs(stopPatienceMs), 'stop')
      } catch (error) {
        stage.note('stop-failed', describeError(error))
      }
    })
  }

  private end(by: EndedBy): void {
    const { process } = this
    this.process = undefined
    this.takesTasks = false
    process?.life.end(by)
  }

  private write(event: ClientEventRecord['event']): void {
    const { stage, index } = this.options
    stage.journal.write({ type: 'client-event', t: stage.t(), event, instance: index })
  }
}
