import { checks } from './checks.ts'
import { type Caught, falselyAccusedBy } from './holes.ts'

/** Clients by checks, as text: a row each, a column for every check that saw any, its code from top to bottom. */
export function gridOf(all: readonly Caught[]): string {
  const seen = new Set(all.flatMap(({ row }) => [...row.failed, ...row.warned]))
  const ids = [...checks.keys(), 'conduct', ...seen].filter((id, i, list) => seen.has(id) && list.indexOf(id) === i)
  const codes = ids.map(id => checks.get(id)?.code ?? (id === 'conduct' ? 'own' : id.slice(0, 3)))
  const width = Math.max(...all.map(({ head }) => head.name.length))
  const height = Math.max(...codes.map(({ length }) => length))
  const header = Array.from(
    { length: height },
    (_, i) => ' '.repeat(width) + codes.map(code => ` ${code[i] ?? ' '}`).join(''),
  )
  const rows = all.map(caught => caught.head.name.padEnd(width) + ids.map(id => ` ${markOf(caught, id)}`).join(''))
  return [...header, ...rows].map(line => line.trimEnd()).join('\n')
}

function markOf(caught: Caught, oracle: string): string {
  const { head, row } = caught
  if (falselyAccusedBy(caught).includes(oracle)) return '!'
  const isSeen = row.failed.includes(oracle) || row.warned.includes(oracle)
  if (isSeen && oracle === head.meant) return 'X'
  return row.failed.includes(oracle) ? 'x' : isSeen ? 'w' : '·'
}
