import { resolve } from 'node:path'
import { precedentPlan } from '../../src/cli/gameday/scorecards.ts'
import bareSdk from '../../src/clients/bare-sdk.ts'
import { journalReport } from '../../src/gameday/journal-report.ts'
import type { JournalEvent, Mark } from '../../src/journal/event.ts'
import { journalLines } from '../../src/journal/journal.ts'
import { injectOf, injectText } from '../../src/model/game-day.ts'
import { instantMs, minuteMs, type Plan } from '../../src/model/timeline.ts'
import { htmlPage } from '../../src/reports/html/page.ts'
import { recordedRun } from '../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { loadConfig } from '../../src/run/config/load-config.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'

/** The game day of the pictures: the same at every call, whenever and wherever it is made. */
export interface Show {
  readonly plan: Plan
  /** When its first phase began, ms since the epoch. */
  readonly originMs: number
  readonly journal: readonly JournalEvent[]
  /** The HTML report of it. */
  readonly report: string
  /** For files on the way. */
  readonly folder: string
}

const originMs = Date.parse('2026-03-02T11:37:00Z')

const file = resolve(import.meta.dirname, '../../examples/game-day/claude-2026-03-02.yaml')

/** Plays the two hours of `examples/game-day` on virtual time, with what people might have marked and noted on the way. */
export async function playShow(folder: string): Promise<Show> {
  const { scenario, text } = readScenarioFile(file, { catalogue })
  if (!scenario) throw new Error(`${file} is no scenario`)
  const { plan, journal: played } = await runScenario({ scenario, scenarioText: text, integration: bareSdk, seed: 1 })
  const journal = withPeople(played, plan)
  const run = recordedRun([...journalLines(journal)].join(''), 'day.jsonl', { catalogue })
  const config = await loadConfig(folder, false)
  const document = journalReport(run, { catalogue, precedentOf: one => precedentPlan(one, config) })
  return { plan, originMs, journal, report: htmlPage(document, { journal: 'day.jsonl' }), folder }
}

/** What people did, in minutes since the first fault. */
const deeds: readonly (readonly [minute: number, mark: string, says: string, author: string, category?: string])[] = [
  [8, 'note', 'Every fifth answer fails with 529 or 500, in our own numbers.', 'Katherine', 'observation'],
  [9, 'detected', 'our own error rate', 'Grace'],
  [13, 'declared', 'severity 2', 'Grace'],
  [19, 'note', 'We go by our own numbers, not by their page.', 'Grace', 'decision'],
  [24, 'mitigated', 'a banner: one answer in five may be missing', 'Katherine'],
  [47, 'note', 'They say that the API is fine. It is, for messages alone.', 'Katherine', 'surprise'],
  [58, 'note', 'Who tells the data team about the batches?', 'Lin', 'question'],
  [110, 'recovered', 'ten minutes without an error', 'Grace'],
]

function withPeople(played: readonly JournalEvent[], plan: Plan): readonly JournalEvent[] {
  const injects = (plan.scenario.game_day?.injects ?? []).map((inject, i): Mark => {
    const { from = '', to = 'responders' } = inject
    const detail = { inject: i, ...injectOf(inject), from, to }
    const t = instantMs(inject.at, plan.phases, plan.lengthMs)
    return { type: 'mark', t, mark: 'inject', says: injectText(inject), detail }
  })
  const marks = deeds.map(([minute, mark, says, author, category]): Mark => {
    const detail = { author, ...(category !== undefined && { category }) }
    return { type: 'mark', t: minute * minuteMs, mark, says, detail }
  })
  // The first and the last line of a journal are those of the run.
  const [first, ...rest] = played
  const last = rest.pop()
  const told = [...rest, ...injects, ...marks].toSorted((a, b) => timeOf(a) - timeOf(b))
  return [first, ...told, last].filter(event => event !== undefined)
}

function timeOf(event: JournalEvent): number {
  return 't' in event ? event.t : Number.NEGATIVE_INFINITY
}
