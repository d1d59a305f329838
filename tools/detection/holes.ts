import type { Row } from './cell.ts'
import { failureClasses, matrixRows } from './classes.ts'
import type { Head } from './heads.ts'

/** A broken client with what the oracles said of it. */
export interface Caught {
  readonly head: Head
  readonly row: Row
}

/** Whether the oracle that is meant for it saw it, as severely as its head says. */
export function isCaught({ head, row }: Caught): boolean {
  return (head.level === 'fail' ? row.failed : row.warned).includes(head.meant)
}

/** Oracles that failed it and that its head does not own up to. */
export function falselyAccusedBy({ head, row }: Caught): readonly string[] {
  return row.failed.filter(oracle => oracle !== head.meant && !head.mayAlso.includes(oracle))
}

/** What is wrong with these results, a sentence each; empty where every client is caught and none accused falsely. */
export function holesIn(all: readonly Caught[]): readonly string[] {
  return all.flatMap(caught => {
    const { head, row } = caught
    const said = [...row.failed, ...row.warned.map(oracle => `${oracle} (warns)`)].join(', ') || 'nothing'
    return [
      ...(isCaught(caught) ? [] : [`${head.name} is not caught by ${head.meant} in ${head.scenario}; found: ${said}.`]),
      ...falselyAccusedBy(caught).map(oracle => `${head.name} is accused by ${oracle}, which its head does not name.`),
    ]
  })
}

/** Classes and rows that no head stands for, and names of neither that a head has. */
export function headHoles(heads: readonly Head[]): readonly string[] {
  const numbers = new Set(heads.flatMap(({ classes }) => classes))
  const rows = new Set(heads.flatMap(head => head.rows))
  const known = new Set(matrixRows.map(({ id }) => id))
  return [
    ...failureClasses
      .filter(({ number }) => !numbers.has(number))
      .map(({ number, id }) => `No client for ${number}, ${id}.`),
    ...matrixRows.filter(({ id }) => !rows.has(id)).map(({ id }) => `No client for the row "${id}".`),
    ...heads.flatMap(({ name, classes }) =>
      classes.filter(number => !failureClasses[number - 1]).map(number => `${name}: there is no class ${number}.`),
    ),
    ...heads.flatMap(head =>
      head.rows.filter(id => !known.has(id)).map(id => `${head.name}: there is no row "${id}".`),
    ),
    ...matrixRows.flatMap(({ id, oracles }) =>
      rows.has(id) && !heads.some(head => head.rows.includes(id) && oracles.includes(head.meant))
        ? [`No client of the row "${id}" is meant for ${oracles.join(' or ')}.`]
        : [],
    ),
  ]
}
