import { nativeSetTimeout } from '../../clock/native.ts'

/** Who closes the terminal wants no more of it than who asks for the end. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const
type Ending = keyof typeof exitCodes

/**
 * Real ms: npm hands on the Ctrl-C that the terminal sends to us as well. In several steps, as a process that sleeps on a busy
 * machine hears the second late: between two steps it has heard what had come.
 */
const sameRequestMs = 500
const steps = 5

/** In the drill `process.exit` is taken over. */
const exitNow = process.exit.bind(process)

/**
 * Requests to end, by signal or by key. While nothing is open they end the process. Then the first one ends the drill in
 * good order, and the next ends the process at once: what was started goes with it, whatever it is at. Signals are heard
 * until the process has ended: one that comes after the verdict does not take it back.
 */
export class Endings {
  private readonly say: (text: string) => void
  private asked: Ending | undefined
  /** What comes now is the first request, come a second way. */
  private isSame = false
  private interrupt: (() => void) | 'nothing is open' | 'opening' = 'nothing is open'

  constructor(say: (text: string) => void) {
    this.say = say
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => this.ask(name))
  }

  /** 130 or 143, once somebody asked. */
  get exitCode(): 130 | 143 | undefined {
    return this.asked && exitCodes[this.asked]
  }

  /** From now on there is something to clean up, though nobody can be told yet. */
  opening(): void {
    this.interrupt = 'opening'
  }

  /** Calls `interrupt` when somebody asks for the end, or has done so. */
  handle(interrupt: () => void): void {
    this.interrupt = interrupt
    if (this.asked) interrupt()
  }

  ask(by: Ending): void {
    if (this.isSame) return
    if (this.asked || this.interrupt === 'nothing is open') exitNow(exitCodes[by])
    this.asked = by
    this.isSame = true
    this.step(steps)
    this.say(`blackstart: ${by}: ending the drill and cleaning up. Once more ends it at once.`)
    if (typeof this.interrupt === 'function') this.interrupt()
  }

  private step(left: number): void {
    if (left === 0) this.isSame = false
    else nativeSetTimeout(() => this.step(left - 1), sameRequestMs / steps).unref()
  }
}
