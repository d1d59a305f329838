import { ambientClock } from '../clock/clock.ts'
import type { RealClock } from '../clock/real.ts'
import { redact, withoutPlace } from '../journal/redact.ts'
import type { Integration } from '../model/integration.ts'
import { complete, type End } from '../run/script.ts'
import type { Stage } from '../run/stage.ts'
import type { DrillOptions } from './options.ts'
import { type Program, startProgram } from './program/program.ts'
import { programClient } from './program-client.ts'

export interface ClientParts {
  readonly programs: Set<Program>
  readonly env: Readonly<Record<string, string>>
  readonly halted: PromiseWithResolvers<End>
  readonly stage: Stage<RealClock>
}

/** The app: a module in this process, a program, or both; nobody where people point at it what they like. */
export function clientOf({ integration, program: spec }: DrillOptions, parts: ClientParts): Integration {
  if (!spec) return integration ?? { name: 'none', perform: () => undefined }
  const { programs, env, halted, stage } = parts
  const isDriven = integration !== undefined
  /** Those that end by our own doing. */
  const ending = new WeakSet<Program>()
  return programClient({
    driver: integration,
    name: spec.argv.join(' '),
    onEnding: program => void ending.add(program),
    async start() {
      const program = await startProgram({
        ...{ argv: spec.argv, cwd: spec.cwd },
        env,
        onOutput: line => spec.onOutput(line),
      })
      programs.add(program)
      void program.exited.then(({ code, signal }) => {
        programs.delete(program)
        if (stage.over || ending.has(program)) return
        // Somebody who has done his work and leaves in good order has not failed.
        if (code === 0 && !isDriven) return halted.resolve(complete)
        const how = signal === null ? `with code ${code}` : `by ${signal}`
        stage.note('process-exit', `The program ended by itself, ${how}.`, 0)
        halted.resolve({ reason: 'cut', cut: `the program ended by itself, ${how}` })
      })
      await spec.ready(program, firstRequest(stage))
      return program
    },
  })
}

/** Resolves with the first request that a provider of the drill gets from here on. */
function firstRequest(stage: Stage<RealClock>): Promise<void> {
  return new Promise(resolve => {
    const before = stage.responder.attemptCount
    const look = () => {
      if (stage.over || stage.responder.attemptCount > before) resolve()
      else ambientClock.after(lookEveryMs, look)
    }
    look()
  })
}

const lookEveryMs = 50

/** How the journal and reports call it: no paths, no secrets. */
export function clientName({ integration, program }: DrillOptions): string {
  if (integration) return integration.name
  return program ? withoutPlace(redact(program.argv.join(' '))) : 'none'
}
