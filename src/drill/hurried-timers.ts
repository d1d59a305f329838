import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nativeEpochMs, nativeNow } from '../clock/native.ts'
import type { ClockOptIn } from '../clock/opt-in.ts'
import { scratchFolder } from '../lib/scratch.ts'

/** Real ms between two looks: every answer asks several times, and no program gets from its first words to its first request in that. */
const lookEveryMs = 5

/** Whether a program takes its time from the drill: it says so in a file (`blackstart/clock`). */
export class HurriedTimers implements Disposable {
  /** What a program is handed; absent where time is real. */
  readonly optIn: ClockOptIn | undefined
  private readonly folder: string | undefined
  private said = false
  private lookedMs = Number.NEGATIVE_INFINITY

  constructor(speed: number) {
    if (speed === 1) return
    this.folder = mkdtempSync(join(scratchFolder(), 'clock-'))
    this.optIn = { speed, fromMs: nativeEpochMs(), ackFile: join(this.folder, 'ack') }
  }

  get areHurried(): boolean {
    if (!this.said && this.optIn !== undefined && nativeNow() - this.lookedMs >= lookEveryMs) this.look(this.optIn)
    return this.said
  }

  private look({ ackFile }: ClockOptIn): void {
    this.lookedMs = nativeNow()
    this.said = ackFile !== undefined && existsSync(ackFile) && statSync(ackFile).size > 0
  }

  [Symbol.dispose](): void {
    // What it has said stays said.
    if (!this.said && this.optIn !== undefined) this.look(this.optIn)
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
  }
}
