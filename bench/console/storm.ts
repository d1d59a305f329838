import { nativeNow, nativeSetTimeout } from '../../src/clock/native.ts'
import type { JournalEvent } from '../../src/journal/event.ts'

export interface StormOptions {
  /** Attempts begun a second, real time. */
  readonly perSecond: number
  /** Ms of the scenario now. */
  t(): number
  write(event: JournalEvent): void
}

/** How long an attempt is under way, real ms. */
const attemptMs = 150
/** Between two looks at what is due, real ms: about as often as sockets wake a server. */
const lookEveryMs = 4

interface Open {
  readonly number: number
  readonly n: number
  readonly dueMs: number
}

/** What a drill writes of tasks whose one call fails once and is tried again: 9 events for two attempts. */
export class Storm {
  attempts = 0
  events = 0
  private readonly options: StormOptions
  private readonly open: Open[] = []
  private first = 0
  private tasks = 0

  constructor(options: StormOptions) {
    this.options = options
  }

  /** Goes on for as long as the process lives. */
  begin(): void {
    const beganMs = nativeNow()
    const perSecond = this.options.perSecond / 2
    const before = this.tasks
    const look = () => {
      const nowMs = nativeNow()
      this.endDue(nowMs)
      const due = before + Math.floor(((nowMs - beganMs) / 1_000) * perSecond)
      while (this.tasks < due) this.beginTask(nowMs)
      nativeSetTimeout(look, lookEveryMs)
    }
    look()
  }

  /** One task from its beginning to its end, at once: of what came before. */
  past(): void {
    this.beginTask(0)
    this.endDue(Number.POSITIVE_INFINITY)
  }

  private endDue(nowMs: number): void {
    const { open } = this
    for (let one = open[this.first]; one && one.dueMs <= nowMs; one = open[this.first]) {
      this.first++
      this.end(one, nowMs)
    }
    if (this.first < open.length / 2) return
    open.splice(0, this.first)
    this.first = 0
  }

  private beginTask(nowMs: number): void {
    const number = this.tasks++
    const [task, session, question] = [`t${number}`, `s${number % 50}`, `q${number % 97}`]
    this.write({
      ...{ type: 'task-started', t: this.t, task, instance: 0, user: number % 50, tenant: 'a' },
      ...{ session, class: 'interactive', question, streaming: false },
    })
    this.write({ type: 'call-started', t: this.t, call: `c${number}`, task, ...asked(number), bodyHash: 'b' })
    this.beginAttempt(number, 1, nowMs)
  }

  private beginAttempt(number: number, n: number, nowMs: number): void {
    this.attempts++
    this.write({
      ...{ type: 'attempt-started', t: this.t, attempt: `a${number}.${n}`, call: `c${number}`, task: `t${number}`, n },
      ...{ instance: 0, ...asked(number), key: 'k1', bodyHash: 'b', retryCount: n - 1, attributedBy: 'context' },
      ...{ phase: 'storm', effect: n === 1 ? 'answer' : 'pass' },
    })
    this.open.push({ number, n, dueMs: nowMs + attemptMs })
  }

  private end({ number, n }: Open, nowMs: number): void {
    const attempt = `a${number}.${n}`
    const isWell = n > 1 && number % 5 > 0
    this.write({ type: 'attempt-headers', t: this.t, attempt, status: isWell ? 200 : 529 })
    this.write({ type: 'attempt-ended', t: this.t, attempt, outcome: isWell ? 'ok' : 'error', bytes: 400 })
    if (n === 1) {
      this.beginAttempt(number, 2, nowMs)
      return
    }
    const [outcome, answer] = isWell ? (['ok', 'complete'] as const) : (['failed', 'none'] as const)
    this.write({ type: 'task-settled', t: this.t, task: `t${number}`, outcome, claimed: false, answer })
  }

  private write(event: JournalEvent): void {
    this.events++
    this.options.write(event)
  }

  private get t(): number {
    return this.options.t()
  }
}

function asked(number: number) {
  const provider = number % 4 === 0 ? 'openai' : 'anthropic'
  const surface = provider === 'openai' ? 'api.chat' : 'api.messages'
  return { provider, surface, model: 'claude-sonnet-5-5', streaming: false }
}
