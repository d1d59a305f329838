import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'

/** What became of a snapshot file: made, the same, or with lines that are not. */
export type SnapshotOutcome =
  | { readonly type: 'written' }
  | { readonly type: 'same' }
  /** Lines that went (`- …`) and came (`+ …`), in order. */
  | { readonly type: 'changed'; readonly lines: readonly string[] }

/** Compares `text` with the file, or writes it where there is none or `update` asks for it. Throws a `UsageError`. */
export function holdSnapshot(file: string, text: string, update: boolean): SnapshotOutcome {
  if (!update && existsSync(file)) {
    const before = readFileSync(file, 'utf8')
    return before === text ? { type: 'same' } : { type: 'changed', lines: changesOf(before, text) }
  }
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`Failed to write the snapshot ${file}: ${error instanceof Error ? error.message : error}`)
  }
  return { type: 'written' }
}

/** Line by line, told by the fault and the manner at its head: widths of columns are no change. */
function changesOf(before: string, after: string): readonly string[] {
  const old = linesOf(before)
  const now = linesOf(after)
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return names.flatMap(name => {
    const [was, is] = [old.get(name), now.get(name)]
    if (was === is) return []
    return [...(was === undefined ? [] : [`- ${was}`]), ...(is === undefined ? [] : [`+ ${is}`])]
  })
}

function linesOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return new Map(
    lines.map((line, i) => {
      const cells = line.trim().split(/ {2,}/)
      return [i === 0 ? 'title' : `${cells[0]} ${cells[1]}`, cells.join('  ')]
    }),
  )
}
