import { ambientClock } from '../../clock/clock.ts'
import type { GameDayConsole } from '../../console/server.ts'
import type { Papers } from '../../console/show.ts'
import { clockText } from '../../gameday/clock-text.ts'
import type { JournalEvent, Mark } from '../../journal/event.ts'
import type { Json } from '../../model/scenario.ts'
import { plural, visible } from '../../reports/text.ts'
import type { RunResult } from '../../run/result.ts'
import type { Show, ShowStage } from '../drill/live-drill.ts'
import { notice } from '../output.ts'
import { type Item, itemLine } from './go-no-go.ts'
import type { InjectWebhook } from './inject-webhook.ts'
import { killSwitchProblem } from './kill-switch.ts'

export interface ShowOptions {
  /** The go/no-go list, with what is still to be looked at. */
  readonly items: readonly Item[]
  readonly webhook: InjectWebhook | undefined
  readonly console: GameDayConsole | undefined
  /** What can be read of it in the console, by its name. */
  papers(result: RunResult): Papers
  /** After the reports. */
  end(result: RunResult): void
}

/** A game day on top of a drill: what is left of the go/no-go list, and what people are told on the way. */
export function showOf(options: ShowOptions): Show {
  const { console, papers, end } = options
  return {
    command: 'gameday run',
    end(result) {
      end(result)
      console?.ended(result, papers(result))
    },
    begin(stage) {
      const evening = new Evening(stage, options)
      return result => evening.end(result)
    },
    ...(console && { stay: onQuit => stay(console, onQuit) }),
  }
}

/** The console goes when nobody needs it any more. */
async function stay(console: GameDayConsole, onQuit: (leave: () => void) => void): Promise<void> {
  const left = Promise.withResolvers<void>()
  let isOver = false
  const over = Promise.race([console.closed, left.promise]).then(() => {
    isOver = true
  })
  onQuit(left.resolve)
  // Where nobody has ever looked, it is gone by now.
  await ambientClock.sleep(0)
  if (!isOver) notice('blackstart: the console stays until the facilitator closes it, or nobody looks at it any more.')
  await over
}

/** One show, while it lasts. */
class Evening {
  private readonly stage: ShowStage
  private readonly options: ShowOptions
  private readonly under: Promise<void>[] = []
  private readonly warmUp = { well: 0, ended: 0 }
  private readonly leave: () => void
  private noGo: string | undefined
  private isSteadyTold: boolean

  constructor(stage: ShowStage, options: ShowOptions) {
    this.stage = stage
    this.options = options
    this.leave = stage.drill.session.subscribe(event => this.take(event))
    const { session, before } = stage.drill
    // What an earlier process has told is told.
    this.isSteadyTold = before > 0
    for (const event of session.journal(before)) this.take(event)
    if (this.isListed('the kill switch is reachable')) this.under.push(this.tryKillSwitch())
    if (options.console) this.under.push(this.follow(options.console))
  }

  private async follow(console: GameDayConsole): Promise<void> {
    try {
      const url = await console.attach(this.stage.drill)
      this.stage.line(`blackstart: the status page that responders see is at ${url}`)
    } catch (error) {
      this.stage.line(`blackstart: ${error instanceof Error ? error.message : error}`)
    }
  }

  async end(result: RunResult): Promise<RunResult> {
    this.leave()
    await Promise.all(this.under)
    if (this.noGo !== undefined)
      return { ...result, verdict: 'inconclusive', exitCode: 3, reason: `No-go: ${this.noGo}. Nothing was injected.` }
    if (result.exitCode === 3) this.tell({ what: 'the steady state holds', state: 'no-go', why: result.reason })
    return result
  }

  private take(event: JournalEvent): void {
    if (event.type === 'task-settled' && event.t < 0) {
      this.warmUp.ended++
      if (event.outcome === 'ok') this.warmUp.well++
    }
    if (event.type === 'phase-entered' && event.phase !== 'steady-state') this.steady()
    if (event.type === 'mark' && event.mark === 'inject') this.under.push(this.deliver(event))
  }

  private steady(): void {
    if (this.isSteadyTold) return
    this.isSteadyTold = true
    if (!this.isListed('the steady state holds')) return
    const { well, ended } = this.warmUp
    const why =
      ended === 0
        ? 'nothing was asked in the warm-up, and nothing failed'
        : `${well} of ${plural(ended, 'task')} of the warm-up went well`
    this.tell({ what: 'the steady state holds', state: 'go', why })
  }

  private async tryKillSwitch(): Promise<void> {
    const { control, drill } = this.stage
    const problem = control ? await killSwitchProblem(control) : 'the control API is not open'
    const what = 'the kill switch is reachable'
    if (problem === undefined)
      return this.tell({ what, state: 'go', why: 'the control API answers, and takes an abort' })
    this.noGo = problem
    this.tell({ what, state: 'no-go', why: problem })
    await drill.session.abort(`no-go: ${problem}`)
  }

  private async deliver({ t, says = '', detail }: Mark): Promise<void> {
    const { stage, options } = this
    stage.line(`blackstart: inject ${clockText(t)}  ${visible(says)}`)
    const failed = await options.webhook?.send({
      ...{ type: 'inject', scenario: stage.drill.session.state().scenario, t, at: clockText(t), text: says },
      ...(detail !== undefined && { inject: detail }),
    })
    if (failed === undefined) return
    stage.line(`blackstart: the inject of ${clockText(t)} did not get through: ${failed}`)
    this.mark(failed, detail)
  }

  /** The scorecard tells of it; where the drill has ended meanwhile, nobody does. */
  private mark(why: string, detail: Json | undefined): void {
    try {
      this.stage.drill.session.mark('inject-failed', why, detail)
    } catch {
      this.stage.line('blackstart: the drill was over before that could be written down.')
    }
  }

  private isListed(what: string): boolean {
    return this.options.items.some(item => item.what === what)
  }

  private tell(item: Item): void {
    this.options.console?.check(item)
    this.stage.line(`blackstart:${itemLine(item)}`)
  }
}
