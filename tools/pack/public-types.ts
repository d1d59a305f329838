/**
 * `npm run build`: leaves in `dist` (or the folder given) the declarations that an entry of package.json's `exports` leads to.
 * Nobody can import the others, and they would be a fifth of the tarball.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

interface Entry {
  readonly types?: string
}

const root = resolve(import.meta.dirname, '../..')
const folder = resolve(root, process.argv[2] ?? 'dist')
const { exports: entries }: { exports: Readonly<Record<string, Entry | string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
const leadsTo = /\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g

const reached = new Set<string>()
const next = Object.values(entries)
  .flatMap(entry => (typeof entry === 'string' ? [] : (entry.types ?? [])))
  .map(path => join(folder, path.replace(/^\.\/dist\//, '')))
for (let file = next.pop(); file !== undefined; file = next.pop()) {
  if (reached.has(file)) continue
  reached.add(file)
  const here = resolve(file, '..')
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(leadsTo)) {
    const path = join(here, specifier.replace(/\.[jt]s$/, '.d.ts'))
    // What is not there is an example in a comment.
    if (existsSync(path)) next.push(path)
  }
}
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  const path = join(folder, name)
  if (name.endsWith('.d.ts') && !reached.has(path)) rmSync(path)
}
