import { readFileSync } from 'node:fs'
import type { JournalEvent, Mark, RunStarted } from '../../journal/event.ts'
import { readRecording } from '../../journal/read-recording.ts'
import { UsageError } from '../../lib/errors.ts'
import { version } from '../../run/version.ts'
import { refuseInUse } from './journal-lock.ts'

/** A drill that its own process did not bring to an end, as its journal has it. */
export interface Resume {
  readonly path: string
  readonly started: RunStarted
  readonly events: readonly JournalEvent[]
  /** Length of its whole lines. */
  readonly bytes: number
  /** Killed before the outage: it begins anew, for a warm-up is not half a one. */
  readonly isAfresh: boolean
  /** What its drill was told on the command line, where the journal has it. */
  readonly told: Told
}

export interface Told {
  readonly engine: 'loopback' | 'toxiproxy'
  readonly seed: number
  readonly speed: number
  readonly users: number | undefined
  readonly instances: number | undefined
  readonly healedMs: number | undefined
}

const fresh = 'Start a drill anew: blackstart drill SCENARIO, or blackstart gameday run FILE.'

/**
 * Reads the journal of a drill that is to go on. Throws a `UsageError` for what is no such journal: that of a simulation, of
 * another version, of a drill that has ended, was stopped, or is still under way.
 */
export function readResume(path: string): Resume {
  const whole = readWhole(path)
  refuseInUse(path)
  // A line without its end was torn.
  const text = whole.subarray(0, whole.lastIndexOf(0x0a) + 1)
  const { started, events, isTorn } = readRecording(text.toString('utf8'), path)
  const { engine } = started
  if (engine !== 'loopback' && engine !== 'toxiproxy')
    throw new UsageError(
      `${path} is of no drill: its engine is ${engine}.`,
      'A simulation takes seconds: blackstart run does it again from its beginning.',
    )
  if (started.blackstart !== version)
    throw new UsageError(
      `${path} was written by blackstart ${started.blackstart}, and this is ${version}.`,
      'What chance has decided may be decided otherwise here: resume it with that version.',
    )
  if (!isTorn) throw new UsageError(`${path}: the show has ended, and there is nothing to resume.`, fresh)
  const end = endIn(events)
  if (end)
    throw new UsageError(
      `${path}: the show was ${end.mark}${end.says === undefined ? '' : ` (${end.says})`}, and is not resumed.`,
      fresh,
    )
  const isAfresh = !events.some(event => event.t >= 0)
  return { path, started, events, bytes: text.length, isAfresh, told: toldIn(started, engine) }
}

/** What was to end the show, where its process did not live to end it: nothing has begun since. */
function endIn(events: readonly JournalEvent[]): Mark | undefined {
  const begun = events.findLastIndex(({ type }) => type === 'task-started' || type === 'phase-entered')
  return events
    .slice(begun + 1)
    .filter(event => event.type === 'mark')
    .find(({ mark }) => mark === 'stopped' || mark === 'aborted')
}

/** Throws a `UsageError` when somebody has written to the journal since it was read. */
export function refuseGrown({ path, bytes }: Resume): void {
  const whole = readWhole(path)
  if (whole.lastIndexOf(0x0a) + 1 === bytes) return
  throw new UsageError(
    `${path} has grown while it was read: another process is writing it.`,
    'Wait until it has ended.',
  )
}

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UsageError(
      `Failed to read ${path}: ${error instanceof Error ? error.message : error}.`,
      'Name the journal that the drill was writing: --resume FILE.',
    )
  }
}

function toldIn({ workload, seed }: RunStarted, engine: Told['engine']): Told {
  const number = (key: string) => {
    const value: unknown = typeof workload === 'object' && workload !== null ? Reflect.get(workload, key) : undefined
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  return {
    ...{ engine, seed, speed: number('speed') ?? 1 },
    ...{ users: number('users'), instances: number('instances'), healedMs: number('healedMs') },
  }
}
