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

/** As it stands in the file: lists are words, so that each client is a few lines. */
interface Stored {
  readonly rows: readonly (Omit<Row, 'failed' | 'warned'> & { readonly failed: string; readonly warned: string })[]
  readonly soundness?: string
}

export function readRecorded(): Recorded {
  const stored: Stored = JSON.parse(readFileSync(file, 'utf8'))
  const words = (text: string) => text.split(' ').filter(Boolean)
  const rows = stored.rows.map(row => ({ ...row, failed: words(row.failed), warned: words(row.warned) }))
  return { ...stored, rows }
}

export function writeRecorded(recorded: Recorded): void {
  const rows = recorded.rows.map(row => ({ ...row, failed: row.failed.join(' '), warned: row.warned.join(' ') }))
  writeFileSync(file, `${JSON.stringify({ ...recorded, rows } satisfies Stored, null, 2)}\n`)
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
