import { nativeNow } from '../../clock/native.ts'
import { count, spell } from '../../reports/text.ts'
import type { Beat } from './messages.ts'

/** One line on stderr that follows a run; only at a terminal, and only once a second has passed. */
export class ProgressLine {
  private readonly stream: NodeJS.WriteStream
  private readonly many: number
  private readonly since = nativeNow()
  private isShown = false

  constructor(stream: NodeJS.WriteStream, targets: number) {
    this.stream = stream
    this.many = targets
  }

  /** `done`: how many are over, where they do not run one after the other. */
  show(beat: Beat, done = beat.index): void {
    if (!this.stream.isTTY || nativeNow() - this.since < 1000) return
    this.isShown = true
    this.stream.write(`\r\u001b[K${progressText(beat, this.many, done).slice(0, (this.stream.columns || 80) - 1)}`)
  }

  clear(): void {
    if (this.isShown) this.stream.write('\r\u001b[K')
    this.isShown = false
  }
}

/** `2/11 global-down  47%  1 h 02 m, blackout  12,300 attempts`. */
export function progressText(beat: Beat, targets: number, done = beat.index): string {
  const which = targets > 1 ? `${done + 1}/${targets} ${beat.scenario}` : beat.scenario
  if (beat.doing !== 'running') return `${which}  ${beat.doing}`
  const share = beat.endMs > 0 ? Math.min(100, Math.max(0, Math.floor((beat.t / beat.endMs) * 100))) : 0
  return `${which}  ${share}%  ${spell(beat.t)}, ${beat.phase}  ${count(beat.attempts)} attempts`
}
