import type { GameDay } from '../model/game-day.ts'
import type { Scenario, StatusUpdate } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts'
import { gatherFacts } from './facts.ts'
import { gameDay } from './game-day.ts'
import { statusUpdate } from './happenings.ts'
import { list } from './lists.ts'
import { object, optional, required } from './object.ts'
import { lineIndex } from './positions.ts'
import { type ReadResult, readScenarioFile, readText } from './read-file.ts'
import { openReport, TooManyProblems } from './reading.ts'
import { text } from './scalars.ts'
import { entryOf } from './tree.ts'
import { readTree } from './yaml-tree.ts'

/** A game day that has a file of its own, beside the outage that it is played on. */
interface GameDayFile {
  readonly scenario: string
  readonly title?: string
  readonly game_day: GameDay
  /** In place of the scenario's own. */
  readonly status_page?: readonly StatusUpdate[]
}

const shape = object<GameDayFile>('a game day file', {
  scenario: required('The outage that it is played on: an id, or a path.', text()),
  title: optional('What it is called.', text()),
  game_day: required('The exercise.', gameDay),
  status_page: optional('What the status page says, in place of what the scenario has.', list(statusUpdate)),
})

export interface GameDayRead extends ReadResult {
  /** The file of the scenario that it is played on, where the game day has a file of its own. */
  readonly playedOn?: string
}

export interface GameDayOptions {
  readonly catalogue: Catalogue
  /** The file of the scenario that a game day file names. Throws a `UsageError` where there is none. */
  find(word: string): string
}

/**
 * Reads a scenario with a game day in it, or a file that has the game day alone and names its scenario; what comes back is
 * a scenario in both cases. Problems of the named scenario come with its own name.
 */
export function readGameDay(path: string, { catalogue, find }: GameDayOptions): GameDayRead {
  const content = readText(path)
  if (typeof content !== 'string') return readScenarioFile(path, { catalogue })
  const { diagnostics, report } = openReport(path, lineIndex(content))
  const root = readTree(content, report)
  const named = entryOf(root, 'scenario')?.value
  if (!root || named?.type !== 'scalar' || typeof named.value !== 'string') return readScenarioFile(path, { catalogue })
  const playedOn = find(named.value)
  const base = readScenarioFile(playedOn, { catalogue })
  if (!base.scenario) return base
  const facts = gatherFacts(readTree(base.text, () => {}) ?? undefined, catalogue)
  let file: GameDayFile | undefined
  try {
    file = shape.read(root, '', { facts, report, place: () => {} })
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error
  }
  const scenario = file && diagnostics.length === 0 ? played(base.scenario, file) : undefined
  return {
    ...(scenario && { scenario }),
    diagnostics: sortDiagnostics([...diagnostics] as Diagnostic[]),
    positions: base.positions,
    text: content,
    playedOn,
  }
}

function played(scenario: Scenario, { title, game_day, status_page }: GameDayFile): Scenario {
  return {
    ...scenario,
    ...(title !== undefined && { title }),
    ...(status_page && { status_page }),
    game_day,
  }
}
