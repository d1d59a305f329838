import { ambientClock } from '../clock/clock.ts'
import type { RealClock } from '../clock/real.ts'
import { redact, withoutPlace } from '../journal/redact.ts'
import type { Integration } from '../model/integration.ts'
import { complete, type End } from '../run/script.ts'
import type { Stage } from '../run/stage.ts'
import type { DrillOptions } from './options.ts'
import type { Exit, Program } from './program/program.ts'
import { programClient } from './program-client.ts'
import type { Programs } from './programs.ts'

export interface ClientParts {
  readonly programs: Programs
  readonly env: Readonly<Record<string, string>>
  readonly halted: PromiseWithResolvers<End>
  readonly stage: Stage<RealClock>
}

/** The app: a module in this process, a program, or both; nobody where people point at it what they like. */
export function clientOf({ integration, program: spec }: DrillOptions, parts: ClientParts): Integration {
  if (!spec) return integration ?? { name: 'none', perform: () => undefined }
  const { programs, env, halted, stage } = parts
  const isDriven = integration !== undefined
  /** Those that are up, and do not end by our own doing. */
  const up = new WeakSet<Program>()
  return programClient({
    driver: integration,
    name: spec.argv.join(' '),
    onEnding: program => void up.delete(program),
    async start() {
      const program = await programs.start({
        ...{ argv: spec.argv, cwd: spec.cwd },
        env,
        onOutput: line => spec.onOutput(line),
      })
      const before = stage.responder.attemptCount
      try {
        await spec.ready(program, firstRequest(stage))
      } catch (error) {
        const isDone = program.exit?.code === 0 && stage.responder.attemptCount > before
        // It may be up for all that, and in the way of the next.
        await program.kill()
        if (!isDone) throw error
      }
      up.add(program)
      void program.exited.then(exit => {
        if (stage.over || !up.has(program)) return
        const how = endOf(exit)
        // Somebody who has done his work and leaves in good order has not failed.
        if (exit.code === 0 && !isDriven) {
          stage.notices.add(`The ${how}, before the scenario did.`)
          return halted.resolve(complete)
        }
        stage.note('process-exit', `The ${how}.`, 0)
        halted.resolve({ reason: 'cut', cut: `the ${how}` })
      })
      return program
    },
  })
}

function endOf({ code, signal }: Exit): string {
  return signal === null
    ? `program ended by itself, with code ${code}`
    : `program was killed by ${signal}, and not by this drill`
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
