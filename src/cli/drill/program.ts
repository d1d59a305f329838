import { ambientClock } from '../../clock/clock.ts'
import type { ProgramSpec } from '../../drill/open-drill.ts'
import type { Program } from '../../drill/program/program.ts'
import { waitUntilReady } from '../../drill/program/ready.ts'
import { UsageError } from '../../lib/errors.ts'
import type { AppSpec } from '../../model/app.ts'
import { filledIn } from './env-flag.ts'
import { readReady } from './ready.ts'
import type { DrillRequest } from './request.ts'

export interface ProgramOptions {
  /** The `app` of the config. */
  readonly app: AppSpec | undefined
  readonly cwd: string
  onOutput(line: string): void
}

/** A program has so long to become ready, real ms. */
const readyWithinMs = 120_000
/** One that says nothing of when it is ready has so long to ask a provider something, real ms; then it is taken as it is. */
const unsaidMs = 2_000

/** The program that is drilled: the command behind `--`, else what the config starts; none where there is neither. */
export function programOf(request: DrillRequest, { app, cwd, onOutput }: ProgramOptions): ProgramSpec | undefined {
  const argv = request.command.length > 0 ? request.command : (app?.start ?? [])
  if (argv.length === 0) return undefined
  const ready = request.ready === undefined ? app?.ready : readReady(request.ready)
  return {
    argv,
    cwd: app?.cwd ?? cwd,
    env: places => ({ ...app?.env, ...filledIn(request.env, places) }),
    async ready(program: Program, asked: Promise<void>) {
      const options = { program, clock: ambientClock, timeoutMs: readyWithinMs }
      if (ready) return waitUntilReady(ready, options)
      await Promise.race([asked, waitUntilReady({ after: unsaidMs }, options)])
    },
    onOutput,
  }
}

/** Throws a `UsageError` for flags about a program where none is started: nobody would read them. */
export function refuseWithoutProgram({ ready, env }: Pick<DrillRequest, 'ready' | 'env'>): void {
  const lonely = ready === undefined ? env.map(() => '--env').at(0) : '--ready'
  if (lonely === undefined) return
  throw new UsageError(
    `${lonely} is about a program that the drill starts, and it starts none.`,
    'Write the program behind --: -- npm start, or leave the flag out.',
  )
}
