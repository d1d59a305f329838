import { createHash } from 'node:crypto'
import { nativeNow } from '../clock/native.ts'
import type { DrillControls } from '../drill/controls.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Plan } from '../model/timeline.ts'
import type { RunResult } from '../run/result.ts'
import type { Catalogue } from '../scenario/index.ts'
import type { LogLine } from './entry.ts'
import type { CheckLine, EndingLine, Role, View } from './protocol.ts'
import { conflict } from './refused.ts'
import { ShowBook } from './show-book.ts'
import { facilitatorView, responderView, type ShowFacts } from './views.ts'

/** What the console needs of a drill. */
export interface ConsoleDrill extends DrillControls {
  /** The scenario as people have moved it. */
  plan(): Plan
  /** When t = 0 is or was, ms since the epoch by the clock on the wall. */
  originWallMs(): number
}

export interface ShowOptions {
  /** As it is written. */
  readonly plan: Plan
  readonly catalogue: Catalogue
  readonly speed: number
  /** The go/no-go list, as far as it has been looked at. */
  readonly checks: readonly CheckLine[]
  /** Where the app is, for people. */
  readonly app?: string | undefined
  readonly links: Readonly<Record<Role, string>>
}

/** What somebody can read once the show has ended, by its name: made when it is asked for. */
export type Papers = Readonly<Record<string, () => string>>

/** A show from its lobby to its end: what there is to tell of it. */
export class ConsoleShow {
  /** Resolves with the checks that a person has ticked off, at the word to begin. */
  readonly started: Promise<{ readonly confirmed: readonly string[] }>
  book: ShowBook
  drill: ConsoleDrill | undefined
  papers: Papers = {}
  statusPage: string | undefined
  private readonly options: ShowOptions
  /** Of the tokens, which nobody learns from it, and which outlast the process. */
  private readonly id: string
  private readonly word = Promise.withResolvers<{ readonly confirmed: readonly string[] }>()
  private checks: readonly CheckLine[]
  private hasBegun = false
  private isAborting = false
  private allClearMs: number | undefined
  private result: RunResult | undefined
  private leave = () => {}

  constructor(options: ShowOptions) {
    this.options = options
    this.id = createHash('sha256').update(JSON.stringify(options.links)).digest('hex').slice(0, 16)
    this.checks = options.checks
    this.book = new ShowBook(options.plan)
    this.started = this.word.promise
  }

  get hasEnded(): boolean {
    return this.result !== undefined
  }

  /** It begins, by whoever's word. */
  begin(confirmed: readonly string[] = []): void {
    this.hasBegun = true
    this.word.resolve({ confirmed })
  }

  /** The facilitator's word: refused while an item says no-go, or nobody has ticked off what a person must. */
  start(confirmed: readonly string[]): void {
    if (this.hasBegun) throw conflict('The show has begun already.')
    const names = (lines: readonly CheckLine[]) => lines.map(({ what }) => what).join('; ')
    const noGo = this.checks.filter(({ state }) => state === 'no-go')
    if (noGo.length > 0) throw conflict(`No-go: ${names(noGo)}.`, 'Mend that, and start the show anew.')
    const open = this.checks.filter(({ what, state }) => state === 'ask' && !confirmed.includes(what))
    if (open.length > 0) throw conflict(`Nobody has confirmed: ${names(open)}.`, 'Tick it off first.')
    for (const line of this.checks.filter(({ state }) => state === 'ask'))
      this.check({ ...line, state: 'go', why: 'confirmed in the console' })
    this.begin(confirmed)
  }

  /** An item of the list was looked at. */
  check(line: CheckLine): void {
    const at = this.checks.findIndex(({ what }) => what === line.what)
    this.checks = at < 0 ? [...this.checks, line] : this.checks.with(at, line)
  }

  /** The drill is open. `onLog`: people are told something; `failed`: an event could not be taken. */
  attach(drill: ConsoleDrill, { onLog, failed }: { onLog(): void; failed(error: unknown): void }): void {
    this.hasBegun = true
    this.drill = drill
    this.fold()
    this.leave = drill.subscribe((event, place) => {
      // Whoever writes the event is the app or the drill, and neither has to do with what becomes of it here.
      try {
        if (this.take(event, place, drill)) onLog()
      } catch (error) {
        failed(error)
      }
    })
  }

  /** Whether the log has a line more. */
  private take(event: JournalEvent, place: number, drill: ConsoleDrill): boolean {
    if (event.type === 'mark' && event.mark === 'aborted') this.clearing(drill.verdict())
    // What stands before it has been given other times, once it was known when time begins to count.
    if (event.type !== 'phase-entered' || event.phase !== 'steady-state') return this.book.take(event, place)
    this.fold()
    return true
  }

  /** Ends the drill, which is not over when this returns. Throws where there is nothing to end. */
  abort(why: string): void {
    const { drill } = this
    if (!drill) throw conflict('There is nothing to abort yet.')
    if (this.isAborting || drill.state().stage === 'ended') throw conflict('The drill is over, or about to be.')
    this.clearing(drill.abort(why))
  }

  /** Somebody has aborted it, here or elsewhere: measures how long it takes until the clean-up was verified. */
  private clearing(over: Promise<unknown>): void {
    if (this.isAborting) return
    const askedMs = nativeNow()
    this.isAborting = true
    const done = () => {
      this.allClearMs = Math.round(nativeNow() - askedMs)
      this.isAborting = false
    }
    over.then(done, done)
  }

  ended(result: RunResult, papers: Papers): void {
    this.leave()
    this.result = result
    this.papers = papers
  }

  view(role: Role, people: ShowFacts['people']): View {
    const facts = this.facts(people)
    return role === 'responder' ? responderView(facts) : facilitatorView(facts, role)
  }

  /** Brings the charts to now. */
  advance(): void {
    const state = this.drill?.state()
    if (state && state.stage !== 'starting' && state.stage !== 'ended') this.book.charts.advance(state.t)
  }

  log(): readonly LogLine[] {
    return this.book.log
  }

  plan(): Plan {
    return this.drill?.plan() ?? this.options.plan
  }

  private fold(): void {
    const { drill, options } = this
    if (!drill) return
    this.book = new ShowBook(options.plan)
    drill.journal().forEach((event, place) => void this.book.take(event, place))
  }

  private facts(people: ShowFacts['people']): ShowFacts {
    const { drill, book, checks, isAborting, statusPage, options } = this
    const { catalogue, speed, app, links } = options
    const state = drill?.state()
    const before = this.hasBegun ? 'starting' : 'lobby'
    return {
      show: this.id,
      stage: this.hasEnded ? 'ended' : (state?.stage ?? before),
      plan: this.plan(),
      ...{ catalogue, state, book, speed, checks, people, isAborting, statusPage, app, links },
      ending: this.ending(),
    }
  }

  private ending(): EndingLine | undefined {
    const { result, allClearMs, papers } = this
    if (!result) return undefined
    const { verdict, exitCode, reason, notRestored = [] } = result
    return {
      ...{ verdict, exitCode, reason, leftovers: notRestored, papers: Object.keys(papers) },
      ...(allClearMs !== undefined && { allClearMs }),
    }
  }
}
