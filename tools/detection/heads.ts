import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const folders = [join(root, 'fixtures', 'clients'), join(root, 'fixtures', 'clients', 'catalogue')]

/** They block the thread for good: only the supervisor of the command line can end them. */
export const unstoppable: readonly string[] = ['blocked-event-loop']

/** What the first lines of a broken client say of it. */
export interface Head {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  readonly scenario: string
  /** The oracle that is meant to catch it. */
  readonly meant: string
  /** What that oracle does: it fails the run, or warns. */
  readonly level: 'fail' | 'warn'
  /** Oracles that may fail with it, since it does wrong by them, too. */
  readonly mayAlso: readonly string[]
  /** Failure classes that it stands for, by their numbers. */
  readonly classes: readonly number[]
  /** Rows of the kill matrix that it stands for, by their ids. */
  readonly rows: readonly string[]
  readonly breaks: string
}

/** The broken clients, by name; those with no `scenario` in their head are sound. */
export const heads: ReadonlyMap<string, Head> = new Map(
  folders
    .flatMap(folder =>
      readdirSync(folder)
        .filter(file => file.endsWith('.ts'))
        .map(file => join(folder, file)),
    )
    .flatMap(path => {
      const head = headOf(relative(root, path), readFileSync(path, 'utf8'))
      return head ? [[head.name, head] as const] : []
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1)),
)

/** The head of a client module, `undefined` for a sound one. Throws where a broken one does not say what catches it. */
export function headOf(file: string, text: string): Head | undefined {
  const all = text.split('\n')
  const lines = all.slice(
    0,
    all.findIndex(line => !line.startsWith('//')),
  )
  const values = (key: string) =>
    lines.flatMap(line => (line.startsWith(`// ${key}:`) ? [line.slice(`// ${key}:`.length).trim()] : []))
  const [scenario] = values('scenario')
  if (scenario === undefined) return undefined
  const [fails] = values('fails')
  const [warns] = values('warns')
  const meant = fails ?? warns
  if (!meant)
    throw new Error(`${file}: name the oracle that catches it, in a line \`// fails: ORACLE\` or \`// warns: ORACLE\`.`)
  return {
    name: basename(file, '.ts'),
    file,
    scenario,
    meant,
    level: fails === undefined ? 'warn' : 'fail',
    mayAlso: values('may-also').flatMap(words),
    classes: values('class').flatMap(words).map(Number),
    rows: values('row'),
    breaks: breaksOf(lines),
  }
}

function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** `Breaks:` and the lines after it. */
function breaksOf(lines: readonly string[]): string {
  const from = lines.findIndex(line => line.startsWith('// Breaks:'))
  if (from < 0) return ''
  return lines
    .slice(from)
    .map(line => line.replace(/^\/\/ (?:Breaks: )?/, ''))
    .join(' ')
}
