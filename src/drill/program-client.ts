import { currentContext } from '../attribution/attribution.ts'
import type { Integration } from '../model/integration.ts'
import type { Program } from './program/program.ts'

export interface ProgramClientOptions {
  /** Who drives it: a client module, or the `app:` section of the config. Nobody when absent. */
  readonly driver: Integration | undefined
  readonly name: string
  /** Told before it is ended by our own doing. */
  onEnding(program: Program): void
  /** Starts the program, and resolves when it is ready. */
  start(): Promise<Program>
}

interface Driven {
  readonly program: Program
  readonly app: unknown
}

/** A program as a client: its lives are processes, its crashes are kills. */
export function programClient({ driver, name, start, onEnding }: ProgramClientOptions): Integration<Driven> {
  return {
    name: driver?.name ?? name,
    async start(context) {
      const life = currentContext()?.life
      const program = await start()
      life?.onEnd(by => {
        onEnding(program)
        if (by === 'crash') void program.crash().catch(() => {})
      })
      return { program, app: await driver?.start?.(context) }
    },
    perform: ({ app }, task, context) => driver?.perform(app, task, context),
    ...(driver?.settle && { settle: driver.settle.bind(driver) }),
    ...(driver?.jobs && {
      jobs: {
        submit: ({ app }: Driven, job) => driver.jobs?.submit(app, job),
        list: ({ app }: Driven) => driver.jobs?.list(app),
      },
    }),
    ...(driver?.health && { health: ({ app }: Driven) => driver.health?.(app) ?? { ready: false, live: false } }),
    async stop({ program, app }) {
      try {
        await driver?.stop?.(app)
      } finally {
        onEnding(program)
        await program.kill()
      }
    },
  }
}
