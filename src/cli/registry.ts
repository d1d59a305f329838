import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'

/** The package's own folder, from `src` and from `dist` alike. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url))

/** A scenario that was asked for, and where it stands. */
export interface Target {
  /** The words that name it on a command line: an id, or a path. */
  readonly spec: string
  readonly path: string
  /** Which variant of the scenario's matrix it is, from 0. */
  readonly variant?: number
}

/** Every scenario that ships, by id, sorted. The id is read from the text alone: a full parse is for those that are run. */
export function shippedScenarios(root = join(packageRoot, 'scenarios')): ReadonlyMap<string, string> {
  const entries = yamlFiles(root).flatMap(path => {
    const id = /^id:[ \t]*["']?([\w.-]+)/m.exec(readFileSync(path, 'utf8'))?.[1]
    return id === undefined ? [] : [[id, path] as const]
  })
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Files that `word` means: an id, unless it has a slash or ends in `.yaml`; a folder means all in it. */
export function findScenarios(word: string, cwd = process.cwd()): readonly Target[] {
  if (!isPath(word)) return [shippedTarget(word, cwd)]
  const path = resolve(cwd, word)
  if (!existsSync(path) || !statSync(path).isDirectory()) return [{ spec: word, path }]
  const inside = yamlFiles(path)
  if (inside.length === 0) throw new UsageError(`There is no scenario in ${word}.`, 'Scenarios end in .yaml.')
  return inside.map(file => ({ spec: join(word, file.slice(path.length)), path: file }))
}

function shippedTarget(id: string, cwd: string): Target {
  const shipped = shippedScenarios()
  const path = shipped.get(id)
  if (path !== undefined) return { spec: id, path }
  const near = suggest(id, shipped.keys())
  const file = [id, `${id}.yaml`].find(name => existsSync(resolve(cwd, name)))
  const hints = [
    near && `Did you mean ${near}?`,
    file && `A file is named by a path: ./${file}.`,
    'blackstart list shows all ids.',
  ]
  throw new UsageError(`There is no scenario "${id}".`, hints.filter(Boolean).join(' '))
}

function isPath(word: string): boolean {
  return /[/\\]/.test(word) || /\.ya?ml$/.test(word) || word === '.' || word === '..'
}

/** YAML files in a folder and below, sorted, but for packages in it; the folder itself may be in an installed package. */
export function yamlFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      entry =>
        entry.isFile() && /\.ya?ml$/.test(entry.name) && !relative(folder, entry.parentPath).includes('node_modules'),
    )
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
