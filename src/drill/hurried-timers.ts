import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nativeEpochMs } from '../clock/native.ts'
import type { ClockOptIn } from '../clock/opt-in.ts'
import { scratchFolder } from '../lib/scratch.ts'

/** Whether a program takes its time from the drill: it says so in a file (`blackstart/clock`). */
export class HurriedTimers implements Disposable {
  /** What a program is handed; absent where time is real. */
  readonly optIn: ClockOptIn | undefined
  private readonly folder: string | undefined
  private said = false

  constructor(speed: number) {
    if (speed === 1) return
    this.folder = mkdtempSync(join(scratchFolder(), 'clock-'))
    this.optIn = { speed, fromMs: nativeEpochMs(), ackFile: join(this.folder, 'ack') }
  }

  get areHurried(): boolean {
    const file = this.optIn?.ackFile
    if (!this.said && file !== undefined) this.said = existsSync(file) && statSync(file).size > 0
    return this.said
  }

  [Symbol.dispose](): void {
    // What it has said stays said.
    void this.areHurried
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
  }
}
