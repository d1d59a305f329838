import { ambientClock, type Clock } from '../../clock/clock.ts'
import type { DrillControls } from '../../drill/controls.ts'
import type { Plan } from '../../model/timeline.ts'
import { painter } from '../../reports/paint.ts'
import { fitLines } from './live-view-frame.ts'
import { keysText, viewLines } from './live-view-lines.ts'
import { PlainView } from './live-view-plain.ts'

/** Where a view is drawn: standard error, as a rule. */
export interface ViewStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

export interface LiveViewOptions {
  readonly stream: ViewStream
  /** The scenario as it is written; its shape is drawn. */
  readonly plan?: Plan | undefined
  readonly color?: boolean
  /** Keys are read, and shown. */
  readonly keys?: boolean
  /** Real time. */
  readonly clock?: Clock
  /** Redrawn in place; else line after line, as in a log. A terminal that can do it when absent. */
  readonly live?: boolean
}

/** Real ms: the view looks at the drill so often, and is drawn once in so many at most. */
const lookMs = 200
const drawMs = 100
/** A log says where the drill is so often. */
const summaryMs = 30_000
/** What somebody was told stands so long. */
const saidMs = 8_000

/** A drill as it goes, for who watches. Whatever else is written to the terminal meanwhile goes through `log`. */
export class LiveView implements Disposable {
  private readonly controls: DrillControls
  private readonly options: LiveViewOptions
  private readonly clock: Clock
  private readonly isLive: boolean
  private readonly plain = new PlainView()
  private cancel = () => {}
  private isClosed = false
  private drawnAt = Number.NEGATIVE_INFINITY
  private summaryAt: number
  private said: { readonly text: string; readonly untilMs: number } | undefined
  private logged: string[] = []
  /** What stands on the terminal, without its paint. */
  private frame: readonly string[] = []
  private isRaised = false

  constructor(controls: DrillControls, options: LiveViewOptions) {
    const { stream, clock = ambientClock, live = stream.isTTY === true && process.env['TERM'] !== 'dumb' } = options
    this.controls = controls
    this.options = options
    this.clock = clock
    this.isLive = live
    this.summaryAt = clock.now() + summaryMs
    if (!live && options.keys) this.line(`keys: ${keysText({ held: false })}`)
    this.look()
  }

  /** Tells who watches what came of a key. */
  say(text: string): void {
    if (this.isLive) {
      this.said = { text, untilMs: this.clock.now() + saidMs }
      this.soon()
    } else this.line(text)
  }

  /** Lines of somebody else, such as the program's own, above the view. */
  log(text: string): void {
    const line = text.endsWith('\n') ? text : `${text}\n`
    if (!this.isLive || this.isClosed) {
      this.options.stream.write(line)
      return
    }
    this.logged.push(line)
    this.soon()
  }

  /** The terminal is as it was, but for what was logged. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.cancel()
    if (this.isLive) this.put([])
  }

  [Symbol.dispose](): void {
    this.close()
  }

  private look(): void {
    if (this.isClosed) return
    if (this.isLive) this.draw()
    else this.tell()
    this.next(lookMs)
  }

  /** Draws as soon as it may. */
  private soon(): void {
    if (this.isClosed || this.isRaised) return
    this.isRaised = true
    this.next(Math.max(0, this.drawnAt + drawMs - this.clock.now()))
  }

  private next(ms: number): void {
    this.cancel()
    this.cancel = this.clock.after(ms, () => this.look())
  }

  private tell(): void {
    const state = this.controls.state()
    const news = this.plain.news(state)
    for (const text of news) this.line(text)
    const now = this.clock.now()
    if (now < this.summaryAt) return
    this.summaryAt = now + summaryMs
    if (state.stage !== 'ended' && news.length === 0) this.line(this.plain.summary(state))
  }

  private line(text: string): void {
    this.options.stream.write(`blackstart: ${text}\n`)
  }

  private draw(): void {
    const { stream, plan, color = false, keys = false } = this.options
    const now = this.clock.now()
    this.isRaised = false
    this.drawnAt = now
    if (this.said && now >= this.said.untilMs) this.said = undefined
    // The last column is left free: some terminals wrap when it is written.
    const width = Math.max(10, (stream.columns || 80) - 1)
    const lines = viewLines(this.controls.state(), { width, plan, said: this.said?.text, keys })
    this.put(fitLines(lines, { width, rows: (stream.rows || 24) - 1 }, painter(color)))
  }

  /** Puts `lines` where the frame was, below what was logged. */
  private put(lines: readonly string[]): void {
    const { frame, logged } = this
    if (logged.length === 0 && lines.length === frame.length && lines.every((line, i) => line === frame[i])) return
    this.logged = []
    this.frame = lines
    const up = this.rowsOf(frame)
    const clear = `${up > 0 ? `\u001b[${up}A` : ''}\r\u001b[J`
    this.options.stream.write(`${clear}${logged.join('')}${lines.map(line => `${line}\n`).join('')}`)
  }

  /** Rows that a frame takes by now: a terminal that was made narrower has broken its lines. */
  private rowsOf(frame: readonly string[]): number {
    const columns = this.options.stream.columns || 80
    return frame.reduce((rows, line) => rows + Math.max(1, Math.ceil(seenLength(line) / columns)), 0)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: paint is control characters
const paint = /\u001b\[\d*m/g

function seenLength(line: string): number {
  return line.replace(paint, '').length
}
