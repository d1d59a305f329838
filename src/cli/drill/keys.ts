import { readFileSync } from 'node:fs'
import { ambientClock, type Clock } from '../../clock/clock.ts'
import type { DrillControls } from '../../drill/controls.ts'
import { UsageError } from '../../lib/errors.ts'

/** Where keys come from: standard input, as a rule. */
export interface KeySource {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
  on(event: 'data', listener: (data: Buffer | string) => void): unknown
  off(event: 'data', listener: (data: Buffer | string) => void): unknown
  resume(): unknown
  pause(): unknown
}

export interface KeysOptions {
  /** Somebody wants the drill to end, as by SIGINT. */
  onQuit(): void
  /** Tells what came of a key. */
  say(text: string): void
  /** Real time. */
  readonly clock?: Clock
  /** Found out when absent. */
  readonly inBackground?: boolean
}

export interface Keys {
  /** Whether any are read: only at a terminal, and in its foreground. */
  readonly areRead: boolean
  /** The terminal is as it was. */
  close(): void
}

/** So long, in real ms, does a first key wait for its second. */
const secondKeyMs = 5_000

const questions = {
  a: 'Abort the drill? Every fault ends at once. Press a again, or any other key to go on.',
  m: 'Mark what? d detected, c declared, m mitigated, r recovered, any other key nothing.',
}

const marks: Readonly<Record<string, string>> = { d: 'detected', c: 'declared', m: 'mitigated', r: 'recovered' }

/** Steers a drill by single keys. The terminal is restored by `close`, and by the end of the process whatever ends it. */
export function readKeys(stdin: KeySource, controls: DrillControls, options: KeysOptions): Keys {
  const isHere = stdin.isTTY === true && stdin.setRawMode !== undefined
  if (!isHere || (options.inBackground ?? isInBackground())) return { areRead: false, close() {} }
  const keyboard = new Keyboard(controls, options)
  const take = (data: Buffer | string) => keyboard.take(data.toString())
  const setRaw = (isRaw: boolean) => {
    try {
      stdin.setRawMode?.(isRaw)
    } catch {
      // The terminal has gone away: there is nothing to restore.
    }
  }
  const restore = () => setRaw(false)
  setRaw(true)
  process.once('exit', restore)
  stdin.on('data', take)
  stdin.resume()
  return {
    areRead: true,
    close() {
      stdin.off('data', take)
      process.off('exit', restore)
      restore()
      stdin.pause()
    },
  }
}

/** What keys mean. Some want a second one. */
class Keyboard {
  private readonly controls: DrillControls
  private readonly options: KeysOptions
  private readonly clock: Clock
  private first: { readonly key: 'a' | 'm'; readonly untilMs: number } | undefined

  constructor(controls: DrillControls, options: KeysOptions) {
    this.controls = controls
    this.options = options
    this.clock = options.clock ?? ambientClock
  }

  take(text: string): void {
    // An arrow, a function key, the mouse: a sequence whose letters mean nothing by themselves.
    if (text.startsWith('\u001b')) return
    for (const key of text) this.press(key)
  }

  private press(key: string): void {
    if (key === 'q' || key === '\u0003') {
      this.options.onQuit()
      return
    }
    try {
      const said = this.act(key)
      if (said !== undefined) this.options.say(said)
    } catch (error) {
      this.options.say(complaint(error))
    }
  }

  /** Does what a key means, and says it; nothing where it means nothing. */
  private act(key: string): string | undefined {
    const first = this.first && this.clock.now() < this.first.untilMs ? this.first.key : undefined
    this.first = undefined
    if (first === 'm') return this.mark(key)
    if (first === 'a') return key === 'a' ? this.abort() : 'Not aborted.'
    switch (key) {
      case 'h':
        return this.hold()
      case 's':
        return this.skip()
      case 'e':
        return this.extend(1)
      case 'E':
        return this.extend(5)
      case 'a':
      case 'm':
        this.first = { key, untilMs: this.clock.now() + secondKeyMs }
        return questions[key]
      default:
        return undefined
    }
  }

  private hold(): string {
    const { held, phase } = this.controls.state()
    if (held) this.controls.release()
    else this.controls.hold()
    return held
      ? `Released: ${phase} may end.`
      : `Held: ${phase} goes on until h is pressed again, and its faults stay on.`
  }

  private skip(): string {
    const { phase } = this.controls.state()
    this.controls.skip()
    return `Skipped the rest of ${phase}.`
  }

  private extend(minutes: number): string {
    const { phase } = this.controls.state()
    this.controls.extend(minutes * 60_000)
    return `${phase} ends ${minutes} m later.`
  }

  private mark(key: string): string {
    const mark = marks[key]
    if (mark === undefined) return 'Nothing was marked.'
    this.controls.mark(mark)
    return `Marked in the journal: ${mark}.`
  }

  private abort(): string {
    this.controls.abort('by a key').catch((error: unknown) => this.options.say(complaint(error)))
    return 'Aborting: every fault ends now.'
  }
}

function complaint(error: unknown): string {
  if (error instanceof UsageError) return [error.message, error.hint].filter(Boolean).join(' ')
  return `That failed: ${error instanceof Error ? error.message : error}`
}

/** A job in the background that touches its terminal is stopped by it. Told on Linux alone. */
function isInBackground(): boolean {
  try {
    // After the name in brackets: state, parent, group, session, terminal, and the group in the terminal's foreground.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return foreground !== '-1' && group !== foreground
  } catch {
    return false
  }
}
