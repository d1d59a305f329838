import { createHash } from 'node:crypto'
import type { JournalEvent } from './event.ts'

/** The frozen record of a run: events are redacted before they come here and never change afterwards. */
export class Journal {
  private readonly list: JournalEvent[] = []

  /** Freezes `event` and appends it. */
  write(event: JournalEvent): void {
    this.list.push(Object.freeze(event))
  }

  get events(): readonly JournalEvent[] {
    return this.list
  }
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
