import type { RealClock } from '../clock/real.ts'
import type { Integration } from '../model/integration.ts'
import { complete, type End } from '../run/script.ts'
import type { Stage } from '../run/stage.ts'
import type { DrillOptions } from './open-drill.ts'
import { type Program, startProgram } from './program/program.ts'
import { programClient } from './program-client.ts'

export interface ClientParts {
  readonly programs: Set<Program>
  readonly env: Readonly<Record<string, string>>
  readonly halted: PromiseWithResolvers<End>
  readonly stage: Stage<RealClock>
}

/** The app: a module in this process, a program, or both; nobody where people point at it what they like. */
export function clientOf({ integration, program: spec, speed }: DrillOptions, parts: ClientParts): Integration {
  if (!spec) return integration ?? { name: 'none', perform: () => undefined }
  const { programs, env, halted, stage } = parts
  /** Those that end by our own doing. */
  const ending = new WeakSet<Program>()
  return programClient({
    driver: integration,
    name: spec.argv.join(' '),
    onEnding: program => void ending.add(program),
    async start() {
      const program = await startProgram({
        ...{ argv: spec.argv, cwd: spec.cwd },
        env: { ...env, ...(speed !== 1 && { BLACKSTART_SPEED: String(speed) }), ...spec.env },
        onOutput: line => spec.onOutput(line),
      })
      programs.add(program)
      void program.exited.then(({ code, signal }) => {
        programs.delete(program)
        if (stage.over || ending.has(program)) return
        // Somebody who has done his work and leaves in good order has not failed.
        if (code === 0 && !integration) return halted.resolve(complete)
        const how = signal === null ? `with code ${code}` : `by ${signal}`
        stage.note('process-exit', `The program ended by itself, ${how}.`, 0)
        halted.resolve({ reason: 'cut', cut: `the program ended by itself, ${how}` })
      })
      await spec.ready(program)
      return program
    },
  })
}
