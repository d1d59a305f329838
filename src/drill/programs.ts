import { type Program, type ProgramOptions, startProgram } from './program/program.ts'

/** The programs of a drill. Whatever was started is ended with it, what was only being started when it ended too. */
export class Programs {
  private readonly starting = new Set<Promise<Program | undefined>>()
  private isOver = false

  /** Rejects as `startProgram` does, and when all is over. */
  async start(options: ProgramOptions): Promise<Program> {
    if (this.isOver) throw new Error('The drill is over: no program is started any more.')
    const starting = startProgram(options)
    // Kept for good: a program that has ended may not have taken along all that it started.
    this.starting.add(starting.catch(() => undefined))
    return starting
  }

  /** Ends them all, with all that they started; what could not be ended, in sentences. */
  async end(): Promise<readonly string[]> {
    this.isOver = true
    const ended = await Promise.all(
      [...this.starting].map(async starting => {
        const program = await starting
        return program?.kill().catch((error: Error) => error.message)
      }),
    )
    return ended.filter(problem => typeof problem === 'string')
  }
}
