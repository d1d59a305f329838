import { createHash } from 'node:crypto'
import type { JournalEvent } from './event.ts'
import { redact, withoutPlace } from './redact.ts'

/** The frozen record of a run: what the app itself worded is redacted when written, and nothing changes afterwards. */
export class Journal {
  private readonly list: JournalEvent[]
  private closed = false

  /** `before`: what an earlier process of the same run has written. */
  constructor(before: readonly JournalEvent[] = []) {
    this.list = before.map(event => Object.freeze(event))
  }

  /** Freezes `event`, with all that is in it, and appends it. What comes after the last event is not part of the run. */
  write(event: JournalEvent): void {
    if (this.closed) return
    for (const name in event) {
      const value: unknown = Reflect.get(event, name)
      if (typeof value === 'object') deepFreeze(value)
    }
    this.list.push(Object.freeze(redacted(event)))
  }

  /** Moves all that was written so far `ms` into the past, once it is known when time begins to count. */
  moveBack(ms: number): void {
    if (ms === 0) return
    this.list.forEach((event, i) => {
      this.list[i] = Object.freeze({ ...event, t: event.t - Math.round(ms) })
    })
  }

  /** Appends the last event. */
  close(last: JournalEvent): void {
    this.write(last)
    this.closed = true
  }

  get events(): readonly JournalEvent[] {
    return this.list
  }
}

/** Notes quote the app: its errors may name keys, prompts, and where they were thrown. */
function redacted(event: JournalEvent): JournalEvent {
  return event.type === 'note' ? { ...event, says: withoutPlace(redact(event.says)) } : event
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.values(value).forEach(deepFreeze)
  Object.freeze(value)
}

/** One event a line, each line ended: the bytes that are hashed and written to disk. */
export function* journalLines(events: readonly JournalEvent[]): Generator<string> {
  for (const event of events) yield `${JSON.stringify(event)}\n`
}

/** Hex SHA-256 of exactly the journal's bytes. */
export function journalHash(events: readonly JournalEvent[]): string {
  const hash = createHash('sha256')
  for (const line of journalLines(events)) hash.update(line)
  return hash.digest('hex')
}

/** Reads a journal back. A torn last line (a killed process) is dropped; any other bad line throws with its number. */
export function parseJournal(text: string): JournalEvent[] {
  const lines = text.split('\n')
  const events: JournalEvent[] = []
  lines.forEach((line, i) => {
    if (line === '') return
    try {
      events.push(JSON.parse(line) as JournalEvent)
    } catch {
      if (i < lines.length - 1) throw new SyntaxError(`Failed to read the journal: line ${i + 1} is not JSON.`)
    }
  })
  return events
}
