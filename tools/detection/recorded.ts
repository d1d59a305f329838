import { readFileSync, writeFileSync } from 'node:fs'
import type { Row } from './cell.ts'
import { type Head, heads } from './heads.ts'
import type { Caught } from './holes.ts'

const file = new URL('../../fixtures/clients/detection.json', import.meta.url)

/** The last whole run of `npm run detection`. */
export interface Recorded {
  /** In the order of the names. */
  readonly rows: readonly Row[]
  /** Markdown about the sound clients. */
  readonly soundness?: string
}

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(file, 'utf8'))
}

export function writeRecorded(recorded: Recorded): void {
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`)
}

/** What was recorded of one client; `undefined` for one that is new. */
export function recordedRow(name: string): Row | undefined {
  return readRecorded().rows.find(row => row.name === name)
}

/** Heads with their rows; those without a row are left out. */
export function caughtOf(rows: readonly Row[]): readonly Caught[] {
  const byName = new Map(rows.map(row => [row.name, row]))
  return [...heads.values()].flatMap((head: Head) => {
    const row = byName.get(head.name)
    return row ? [{ head, row }] : []
  })
}
