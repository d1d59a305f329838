import { UsageError } from '../lib/errors.ts'
import type { JournalEvent, RunStarted } from './event.ts'
import { parseJournal } from './journal.ts'
import { redact } from './redact.ts'

/** A journal as it was read back from a file. */
export interface Recording {
  readonly started: RunStarted
  readonly events: readonly JournalEvent[]
  /** Its last event is not that of a run's end: the process was killed, or is still at it. */
  readonly isTorn: boolean
}

const knownVersion = 1

const where =
  'A run writes its journal with --journal FILE, or with --out DIR beside its report; a drill writes it as it goes.'

/** Reads the text of a journal; `name` is the file's, for people. Throws a `UsageError` for what is none, or of a version we do not know. */
export function readRecording(text: string, name: string): Recording {
  if (text.trim() === '') throw new UsageError(`${name} is empty: nothing was recorded in it.`, where)
  const started = firstEvent(text, name)
  const events = eventsOf(text, name)
  return { started, events, isTorn: events.at(-1)?.type !== 'run-ended' }
}

function firstEvent(text: string, name: string): RunStarted {
  const end = text.indexOf('\n')
  const first = parsed(end < 0 ? text : text.slice(0, end))
  if (!isObject(first) || first['type'] !== 'run-started')
    throw new UsageError(`${name} is no journal${whatElse(text, first)}`, where)
  if (first['version'] !== knownVersion)
    throw new UsageError(
      `${name} is a journal of version ${JSON.stringify(first['version'])}, and this blackstart reads version ${knownVersion}.`,
      `It was written by blackstart ${JSON.stringify(first['blackstart'])}: read it with that.`,
    )
  const missing = ['scenario', 'scenarioId', 'engine', 'client', 'blackstart'].find(
    key => typeof first[key] !== 'string',
  )
  if (missing !== undefined || typeof first['seed'] !== 'number')
    throw new UsageError(`${name} is no whole journal: its first line has no "${missing ?? 'seed'}".`, where)
  return first as unknown as RunStarted // what is read of it was looked at
}

/** What somebody may have taken for a journal. */
function whatElse(text: string, first: unknown): string {
  const whole = first ?? parsed(text)
  if (isObject(whole) && whole['kind'] === 'search')
    return ': it is the summary of a search, which blackstart report reads where its name ends in .json.'
  if (isObject(whole) && ('journalHash' in whole || 'runs' in whole))
    return ': it is a report in JSON, and the journal is another file.'
  if (isObject(first) && typeof first['type'] === 'string') return ': it does not begin with the event run-started.'
  if (/^\s*(?:#.*\n|---\n)*blackstart:/.test(text)) return ': it is a scenario.'
  return ': its first line is no event in JSON.'
}

/** The texts and numbers without which an event says nothing. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'phase-entered': ['phase'],
  'task-started': ['task', 'tenant', 'class', 'question'],
  'task-settled': ['task', 'outcome', 'answer'],
  'call-started': ['call', 'provider', 'surface'],
  'attempt-started': ['attempt', 'call', 'provider', 'surface', 'phase', 'effect'],
  'attempt-headers': ['attempt'],
  'attempt-ended': ['attempt', 'outcome'],
  'side-effect': ['attempt', 'surface', 'key'],
  'app-report': ['hook'],
  'client-event': ['event'],
  note: ['kind', 'says'],
  mark: ['mark'],
}

function eventsOf(text: string, name: string): readonly JournalEvent[] {
  const events = inLines(text, name)
  events.forEach((event: unknown, i) => {
    const missing = missingIn(event)
    if (missing === undefined) return
    throw new UsageError(
      `${name}: event ${i + 1} has no ${missing}.`,
      'Was the file edited? A journal is read as it was written.',
    )
  })
  return events.map(redacted)
}

/** As it is when it is written: what people mark by hand, and what an older journal kept, may name keys. */
function redacted(event: JournalEvent): JournalEvent {
  if (event.type === 'note') return { ...event, says: redact(event.says) }
  if (event.type !== 'mark' || event.says === undefined) return event
  return { ...event, says: redact(event.says, longestMark) }
}

/** An injected fault is spelled in one. */
const longestMark = 20_000

function inLines(text: string, name: string): readonly JournalEvent[] {
  try {
    return parseJournal(text)
  } catch (error) {
    const [line] = /(?<=line )\d+/.exec(error instanceof Error ? error.message : '') ?? []
    if (line === undefined) throw error
    throw new UsageError(
      `${name}: line ${line} is not JSON, and lines follow it.`,
      `What stands before it can be read: head -n ${Number(line) - 1} ${name} > whole.jsonl`,
    )
  }
}

function missingIn(event: unknown): string | undefined {
  if (!isObject(event) || typeof event['type'] !== 'string') return 'type'
  if (!Number.isFinite(event['t'])) return 'time "t"'
  const key = (needed[event['type']] ?? []).find(name => typeof event[name] !== 'string')
  return key === undefined ? undefined : `"${key}"`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
