import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's own folder, from `src` and from `dist` alike. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url))

/** Every scenario that ships, by id, sorted. The id is read from the text alone: a full parse is for those that are run. */
export function shippedScenarios(root = join(packageRoot, 'scenarios')): ReadonlyMap<string, string> {
  const entries = yamlFiles(root).flatMap(path => {
    const id = /^id:[ \t]*["']?([\w.-]+)/m.exec(readFileSync(path, 'utf8'))?.[1]
    return id === undefined ? [] : [[id, path] as const]
  })
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Ready game days, by id: exercises on top of a scenario, and no shelf of their own. */
export function shippedGameDays(): ReadonlyMap<string, string> {
  return shippedScenarios(join(packageRoot, 'examples/game-day'))
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
