import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import { shippedGameDays, shippedScenarios, yamlFiles } from '../scenario/shipped-files.ts'

export { packageRoot, shippedScenarios, yamlFiles } from '../scenario/shipped-files.ts'

/** A scenario that was asked for, and where it stands. */
export interface Target {
  /** The words that name it on a command line: an id, or a path. */
  readonly spec: string
  readonly path: string
  /** Which variant of the scenario's matrix it is, from 0. */
  readonly variant?: number
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
  const days = shippedGameDays()
  const path = shipped.get(id) ?? days.get(id)
  if (path !== undefined) return { spec: id, path }
  const near = suggest(id, [...shipped.keys(), ...days.keys()])
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
