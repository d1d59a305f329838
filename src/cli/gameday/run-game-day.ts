import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { shownPath } from '../../clients/find-client.ts'
import type { GameDayConsole } from '../../console/server.ts'
import { refuseInUse } from '../../drill/resume/journal-lock.ts'
import { scorecard } from '../../gameday/scorecard.ts'
import { scorecardSummary } from '../../gameday/scorecard-summary.ts'
import { UsageError } from '../../lib/errors.ts'
import { compilePlan, type Plan } from '../../model/timeline.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { RunResult } from '../../run/result.ts'
import { readGameDay } from '../../scenario/index.ts'
import { planWorkload } from '../../workload/workload.ts'
import type { Invocation } from '../command.ts'
import { askerOf } from '../drill/asker.ts'
import { unsupportedBy } from '../drill/engine.ts'
import { liveDrill } from '../drill/live-drill.ts'
import { readDrillFlags } from '../drill/request.ts'
import { asToldAtFirst, itsScenario, refuseWritten, resumeOf } from '../drill/resumed.ts'
import { runRequestOf } from '../drill/run-drill.ts'
import { maskSecrets } from '../mask.ts'
import { notice, print } from '../output.ts'
import { findScenarios } from '../registry.ts'
import { refuse } from '../run/finish.ts'
import { type Ready, readTargets } from '../run/read-targets.ts'
import { checkWritable, journalFile, type ReportTarget } from '../run/targets.ts'
import { confirm } from './confirm.ts'
import { openShowConsole, readConsoleFlags } from './console.ts'
import { askedItem, goNoGo, type Item, itemLine } from './go-no-go.ts'
import { injectWebhook } from './inject-webhook.ts'
import { unlessLeft } from './leaving.ts'
import { papersOf } from './papers.ts'
import { precedentPlan, scorecardOfJournal, scorecardText } from './scorecards.ts'
import { showOf } from './show.ts'
import { readReportFiles, tellReport } from './tell-report.ts'

export interface RunGameDayOptions {
  readonly config: LoadedConfig
  readonly reports: readonly ReportTarget[]
}

/**
 * Holds a game day: the go/no-go list, the console, the drill with what people are told on the way, the reports, the
 * scorecard. Resolves to the exit code: 3 for a no-go. Rejects with a `UsageError`.
 */
export async function runGameDay(invocation: Invocation, options: RunGameDayOptions): Promise<number> {
  const { config, reports } = options
  const asked = readDrillFlags(invocation)
  const resume = resumeOf(invocation)
  const own = { ...asked, control: asked.control ?? 0 }
  const { request, run } = asToldAtFirst(resume, { request: own, run: runRequestOf(invocation, own, options) })
  const webhookAt = invocation.value('inject-webhook')
  const webhook = webhookAt === undefined ? undefined : injectWebhook(webhookAt)
  const cardFile = invocation.value('scorecard')
  if (cardFile !== undefined) checkWritable(cardFile, '--scorecard')
  const pages = readReportFiles(invocation, run.journal)
  const console = readConsoleFlags(invocation)
  const lastFile = invocation.value('last')
  if (lastFile !== undefined && run.journal !== undefined && resolve(lastFile) === resolve(run.journal))
    throw new UsageError(
      'The journal of the last time would be written over by this one.',
      'Name another file with --journal.',
    )
  const last = lastFile === undefined ? undefined : scorecardOfJournal(lastFile, config)

  const { one: named, refusal } = readOne(run, request, options)
  if (refusal) return refuse(reports, refusal)
  const one = resume ? itsScenario(resume, named, config) : named
  if (!one) return 70
  const journal = run.journal === undefined ? undefined : journalFile(run.journal, one.scenario.id, true)
  if (journal !== undefined && !resume) refuseWritten(journal)
  const day = one.scenario.game_day ?? {}
  if (!one.scenario.game_day)
    notice(`blackstart: ${one.scenario.id} has no game_day: nothing is checked, told or hoped for (docs/game-days.md).`)
  // What a person had to see to was seen to as it began.
  const isConfirmed = invocation.has('go') || resume !== undefined
  const catalogue = catalogueOf(config)
  const plan = compilePlan(one.scenario, catalogue.faults)
  const looked = [
    ...goNoGo(day, { request, env: process.env, isConfirmed }),
    askedItem(askerOf({ request, run, config }), usersOf(plan, run)),
  ]
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true
  const waits = console !== undefined && !isConfirmed && (isTerminal || console.port !== undefined)
  const isNoGo = looked.some(({ state }) => state === 'no-go')
  const isAsked = !isConfirmed && !isNoGo && !waits
  const answered = await unlessLeft(isAsked ? confirm(looked, isTerminal) : Promise.resolve(looked))
  if (answered.type === 'left') return answered.exitCode
  let items = answered.value
  tellItems(items)
  if (isRefused(items)) return 3
  const open =
    console &&
    (await openShowConsole({
      ...{ asked: console, catalogue, journal, isResumed: resume !== undefined, speed: request.speed, checks: items },
      plan: { ...plan, tailMs: request.healed?.ms ?? plan.tailMs },
    }))
  try {
    if (waits) {
      const word = await unlessLeft(open ? wordToBegin(open.console, items) : confirm(items, isTerminal))
      if (word.type === 'left') return word.exitCode
      items = word.value
      if (isRefused(items)) return 3
    }
    // Somebody else may have begun while this one waited.
    if (journal !== undefined) refuseInUse(journal)
    open?.console.begin()
    open?.keep()
    return await liveDrill({
      ...{ request, run, config, one, resume },
      show: showOf({
        ...{ items, webhook, console: open?.console },
        papers: result => papersOf(result, { speed: request.speed, config, journal, last }),
        end(result) {
          tellScorecard(result, { speed: request.speed, config, reports, cardFile, last })
          if (journal === undefined) return
          notice(`blackstart: wrote ${journal} (journal)`)
          tellReport(result, pages, { config, journal, last, lastFile })
        },
      }),
    })
  } finally {
    await open?.close()
  }
}

function usersOf(plan: Plan, { users, instances }: Asked): number {
  const workload = planWorkload(plan, {
    ...(users !== undefined && { users }),
    ...(instances !== undefined && { instances }),
  })
  return workload.users * workload.instances
}

/** Whether something stands against it; then that is told. */
function isRefused(items: readonly Item[]): boolean {
  const noGo = items.filter(({ state }) => state === 'no-go')
  if (noGo.length === 0) return false
  const byWhy = Map.groupBy(noGo, ({ why }) => why)
  const said = [...byWhy].map(([why, of]) => `${of.map(({ what }) => what).join('; ')}: ${why}`)
  notice(`blackstart: no-go, and nothing was begun. ${said.join('. ')}.`)
  return true
}

/** Waits for the facilitator. */
async function wordToBegin(console: GameDayConsole, items: readonly Item[]): Promise<readonly Item[]> {
  notice('blackstart: it begins when the facilitator says so in the console.')
  await console.started
  return items.map(item => (item.state === 'ask' ? { ...item, state: 'go', why: 'confirmed in the console' } : item))
}

type Asked = Parameters<typeof readTargets>[0]
type Request = ReturnType<typeof readDrillFlags>

function readOne(run: Asked, { engine }: Request, { config }: RunGameDayOptions) {
  const cwd = process.cwd()
  const catalogue = catalogueOf(config)
  const find = (word: string) => findScenarios(word)[0]?.path ?? word
  let playedOn: string | undefined
  const ready = readTargets(run, {
    config,
    shown: path => shownPath(path, cwd),
    tell: true,
    read(path) {
      const read = readGameDay(path, { catalogue, find })
      playedOn = read.playedOn
      return read
    },
    unsupported: scenario => unsupportedBy(engine, scenario),
  })
  if (!('length' in ready)) return { one: undefined, refusal: ready }
  const [one] = ready
  return { one: one && playedOn !== undefined ? onItsScenario(one, shownPath(playedOn, cwd)) : one, refusal: undefined }
}

/** The text of a game day's own file is not that of the outage, which is printed anew; lines are those of the outage's file. */
function onItsScenario({ text: _, ...one }: Ready, file: string): Ready {
  return { ...one, file }
}

function tellItems(items: readonly Item[]): void {
  if (items.length === 0) return
  notice(['blackstart: go or no-go', ...items.map(itemLine)].join('\n'))
}

interface Telling extends RunGameDayOptions {
  readonly speed: number
  readonly cardFile: string | undefined
  readonly last: ReturnType<typeof scorecardOfJournal> | undefined
}

/** In a file where one was asked for, and in a few lines below the report; stdout stays with a report for machines. */
function tellScorecard(result: RunResult, { speed, config, reports, cardFile, last }: Telling): void {
  const card = scorecard(result, { speed, last, precedent: precedentPlan(result.scenario, config) })
  if (cardFile !== undefined) writeScorecard(cardFile, scorecardText(card))
  const isForPeople = reports.every(({ kind, file }) => kind === 'terminal' || file !== undefined)
  const summary = maskSecrets(`\n${scorecardSummary(card)}`, process.env)
  if (isForPeople) print(summary)
  else notice(summary)
}

/** A show of two hours is not lost to a disk that is full: what it came to stands in the journal, and below the report. */
function writeScorecard(file: string, text: string): void {
  try {
    writeFileSync(file, text)
    notice(`blackstart: wrote ${file} (scorecard)`)
  } catch (error) {
    const hint = 'blackstart gameday score JOURNAL makes it again.'
    notice(`blackstart: Failed to write the scorecard: ${error instanceof Error ? error.message : error}. ${hint}`)
  }
}
