import { readFileSync } from 'node:fs'
import { refuseInUse } from '../../drill/resume/journal-lock.ts'
import { type Resume, readResume } from '../../drill/resume/read-resume.ts'
import { readRecording } from '../../journal/read-recording.ts'
import { formatDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { journalText } from '../../run/journal-text.ts'
import { formatDiagnostics, parseScenario, printScenario } from '../../scenario/index.ts'
import { shippedGameDays, shippedScenarios } from '../../scenario/shipped-files.ts'
import type { Invocation } from '../command.ts'
import { maskSecrets } from '../mask.ts'
import { notice } from '../output.ts'
import type { Ready } from '../run/read-targets.ts'
import type { RunRequest } from '../run/request.ts'
import type { DrillRequest } from './request.ts'

/** What the journal of a drill says, and nobody can say anew. */
const ofItsJournal = ['journal', 'seed', 'speed', 'users', 'instances', 'engine', 'duration', 'healed']

/** The journal that `--resume` names. Throws a `UsageError` for one that cannot go on, and for flags that it answers itself. */
export function resumeOf(invocation: Invocation): Resume | undefined {
  const path = invocation.value('resume')
  if (path === undefined) return undefined
  const twice = ofItsJournal.filter(flag => invocation.has(flag))
  if (twice.length > 0)
    throw new UsageError(
      `--resume goes on as it began: --${twice.join(', --')} cannot be given anew.`,
      'Leave it out: the journal has it.',
    )
  return readResume(path)
}

/**
 * Throws a `UsageError` for a file that a show must not write over: a journal that can still go on, one of a show that people
 * took part in, and anything that is no journal.
 */
export function refuseWritten(journal: string): void {
  refuseInUse(journal)
  if (isUnfinished(journal))
    throw new UsageError(
      `${journal} holds a show that was not brought to its end.`,
      `Go on with it: --resume ${journal}. To begin anew, name another file, or move that one away.`,
    )
  const holds = heldIn(journal)
  if (holds === undefined) return
  throw new UsageError(
    `${journal} holds ${holds}, which would be written over.`,
    'Name another file with --journal, or move that one away.',
  )
}

/** What would be lost with the file; absent for one that is not there, is empty, or never came as far as its outage. */
function heldIn(path: string): string | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // Where there is something that cannot be read, whoever opens it says why.
    return undefined
  }
  if (text.trim() === '') return undefined
  try {
    const { started, events } = readRecording(text, path)
    return events.some(event => event.t >= 0) ? `a show of ${started.scenarioId}` : undefined
  } catch {
    return 'something else'
  }
}

/** Whether a journal holds a show which can still go on. */
export function isUnfinished(journal: string): boolean {
  try {
    return !readResume(journal).isAfresh
  } catch {
    // It is none, or none that could go on.
    return false
  }
}

interface Requests<R, D> {
  readonly request: D
  readonly run: R
}

/** What was asked for, with what the journal says that was told at first. */
export function asToldAtFirst<R extends RunRequest, D extends DrillRequest>(
  resume: Resume | undefined,
  { request, run }: Requests<R, D>,
): Requests<R, D> {
  if (!resume) return { request, run }
  const { engine, speed, seed, users, instances, healedMs } = resume.told
  const healed = healedMs === undefined ? undefined : { ms: healedMs, text: formatDuration(healedMs) }
  return {
    request: { ...request, engine, speed, healed },
    run: { ...run, seed, users, instances, journal: resume.path },
  }
}

/**
 * The scenario as its journal has it. `named`: the one that was named beside it, which must be the same. Throws a
 * `UsageError` when it is another, or when that of the journal cannot be read.
 */
export function itsScenario(resume: Resume, named: Ready | undefined, config: LoadedConfig): Ready {
  const { started, path, isAfresh, events } = resume
  if (named) refuseOther(resume, named, config)
  const where = isAfresh
    ? 'It was ended before its outage began: it begins anew.'
    : `It goes on at ${formatDuration(events.at(-1)?.t ?? 0)} of the scenario.`
  notice(`blackstart: resuming ${started.scenarioId} from ${path}. ${where}`)
  return named ?? readyOf(resume, config)
}

function refuseOther({ started, path }: Resume, { scenario, text }: Ready, config: LoadedConfig): void {
  const catalogue = catalogueOf(config)
  const own = journalText(scenario, text ?? printScenario(scenario, catalogue), catalogue)
  // What stands in a journal has its secrets blotted out.
  if ([own, maskSecrets(own, process.env)].includes(started.scenario)) return
  throw new UsageError(
    `${path} is not of that scenario: it has ${started.scenarioId}${started.scenarioId === scenario.id ? ' as it was then' : ''}.`,
    'Leave the scenario out: the journal has it, word for word.',
  )
}

function readyOf({ started, path }: Resume, config: LoadedConfig): Ready {
  const { scenarioId, scenario: text } = started
  const { scenario, positions, diagnostics } = parseScenario(text, { catalogue: catalogueOf(config), file: scenarioId })
  if (!scenario)
    throw new UsageError(
      `${path}: the scenario in it cannot be read.\n${formatDiagnostics(diagnostics, text).trimEnd()}`,
      'Faults and oracles of your own are known where the config is that has them: --config FILE.',
    )
  // A file of one's own has a name that no journal knows.
  const isShipped = shippedScenarios().has(scenarioId) || shippedGameDays().has(scenarioId)
  const spec = isShipped ? scenarioId : 'SCENARIO'
  return { target: { spec, path }, scenario, text, file: `${scenarioId}, in ${path}`, positions }
}
