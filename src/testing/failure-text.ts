import { viewJournal } from '../oracles/view.ts'
import { findingLines } from '../reports/findings.ts'
import { landingLines } from '../reports/landing.ts'
import { painter } from '../reports/paint.ts'
import { picture } from '../reports/picture.ts'
import { plural, spell } from '../reports/text.ts'
import type { RunResult } from '../run/result.ts'

/** What a command line needs to see a run again. */
export interface Replay {
  /** The scenario, as a command line names it; absent where it has no file. */
  readonly word?: string | undefined
  /** The client's file, where it is known. */
  readonly client?: string | undefined
  /** What was not left to the scenario: `--users`, `6`. */
  readonly flags?: readonly string[]
}

const plain = painter(false)

/** Why a run failed: its findings, worst first, the run against time, and how to see it again. */
export function failureText(result: RunResult, head: string, replay: Replay): string {
  return sections([
    [`${head} (seed ${result.seed}): ${result.reason}`],
    findingLines(result.findings, plain),
    result.journal.length > 0 ? picture(result, viewJournal(result.journal), plain) : [],
    replayLines(result, replay),
  ])
}

/** Why a run tested nothing: the reason, and what became of each fault. */
export function inconclusiveText(result: RunResult, head: string, replay: Replay): string {
  const wasFelt = result.faults.some(({ status }) => status === 'landed')
  const isThin = result.exitCode === 6 && wasFelt && !result.faults.some(({ status }) => status === 'missed')
  const ofFaults = result.exitCode === 6 && !isThin ? landingLines(result.faults, result.scenario.provider, plain) : []
  return sections([
    [`${head} (seed ${result.seed}), so nothing is shown: ${result.reason}`],
    ofFaults,
    [isThin ? thin : (advice[result.exitCode] ?? '')],
    replayLines(result, replay),
  ])
}

/** What a run went through, in a line. */
export function passedText(result: RunResult): string {
  const tasks = viewJournal(result.journal).tasks.length
  const landed = result.faults.filter(({ status }) => status === 'landed').length
  return `${plural(tasks, 'task')} over ${spell(result.simulatedMs)} of virtual time, ${landed} of ${plural(result.faults.length, 'fault')} landed, seed ${result.seed}`
}

const advice: Readonly<Partial<Record<RunResult['exitCode'], string>>> = {
  3: 'The client does not work while all is well. Mend that first: run it against a scenario without faults, or look at what its start throws.',
  4: 'The scenario has a stop condition (stop_when), and it was met.',
  6: 'An outage that nobody feels is no test. Ask while the faults are in force, for a surface that they are on, and often enough.',
  130: 'The test ended before the run did. Give it time: test(name, { timeout: 60_000 }, ...).',
}

const thin =
  'The scenario expects what this run had no occasion to show. Let more users ask, for longer, or take that expectation out.'

function replayLines(result: RunResult, { word, client, flags = [] }: Replay): readonly string[] {
  if (word === undefined) return []
  const seed = result.seed === (result.scenario.seed ?? 1) ? [] : ['--seed', String(result.seed)]
  const task = result.findings.flatMap(finding => finding.evidence).find(id => /^[tca]\d/.test(id))
  const story = task === undefined ? [] : ['--task', task]
  const words = [word, '--client', client ?? 'YOUR-CLIENT.ts', ...seed, ...flags, ...story]
  return [`at a prompt: npx blackstart run ${words.join(' ')}`]
}

function sections(parts: readonly (readonly string[])[]): string {
  return parts
    .map(lines => lines.filter(line => line !== '' || lines.length > 1))
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}
