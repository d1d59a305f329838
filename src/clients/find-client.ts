import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Scenario } from '../model/scenario.ts'

const extensions = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']
const shipped = ['bare-sdk', 'bare-openai', 'bare-gemini', 'bare-bedrock', 'bare-vertex', 'signs-in']
const here = dirname(fileURLToPath(import.meta.url))

export interface FindOptions {
  /** Paths are relative to it. */
  readonly cwd: string
  /** Where a bare name is looked for, after the shipped clients, in order. */
  readonly folders: readonly string[]
}

/**
 * Name of the shipped client for a scenario where none is given: the one it says it needs, else the one that uses its
 * provider's own SDK with every default (Anthropic's, where a provider has none).
 */
export function usualClient({ needs, provider }: Pick<Scenario, 'needs' | 'provider'>): string {
  if (needs?.client !== undefined && shipped.includes(needs.client)) return needs.client
  const own = `bare-${provider}`
  return shipped.includes(own) ? own : 'bare-sdk'
}

/** Where bare names of fixture clients are looked for: the project's own folder, then the package's. */
export function clientFolders(cwd: string): readonly string[] {
  return [join(cwd, 'fixtures', 'clients'), resolve(here, '..', '..', 'fixtures', 'clients')]
}

/** Bare names that can be given for a client, shipped ones first. */
export function clientNames(folders: readonly string[]): readonly string[] {
  return [...new Set([...shipped, ...folders.flatMap(modulesIn).map(nameOf)])]
}

/** File of the client module that `specifier` (a path, or the bare name of a client) means. */
export function findClient(specifier: string, options: FindOptions): string {
  return looksLikePath(specifier) ? byPath(specifier, options) : byName(specifier, options)
}

export function isShipped(path: string): boolean {
  return dirname(path) === here && shipped.includes(nameOf(path))
}

export function nameOf(path: string): string {
  return basename(path, extname(path))
}

/** Nearest `tsconfig.json` above a file. */
export function nearestTsconfig(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const candidate = join(folder, 'tsconfig.json')
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

/** A path as people want to read it: relative where it is below `cwd`. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside
}

/** What is most likely meant by a path that is not there, from what is in its folder; with or without its extension. */
export function nearbyPath(path: string): string | undefined {
  const folder = dirname(path)
  const spelling = extname(path) === '' ? nameOf : basename
  const bySpelling = new Map((isFolder(folder) ? readdirSync(folder) : []).map(name => [spelling(name), name]))
  const near = bySpelling.get(suggest(basename(path), bySpelling.keys()) ?? '')
  return near === undefined ? undefined : join(folder, near)
}

function looksLikePath(specifier: string): boolean {
  return /[/\\]/.test(specifier) || specifier.startsWith('.') || /^\.\w+$/.test(extname(specifier))
}

function byPath(specifier: string, { cwd }: FindOptions): string {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(cwd, specifier)
  const found = [path, ...extensions.map(extension => path + extension)].find(isFile)
  if (found === undefined) {
    if (isFolder(path))
      throw new UsageError(
        `Failed to load client "${specifier}": it is a folder.`,
        `Name the module in it, for example ${join(specifier, basename(modulesIn(path)[0] ?? 'client.ts'))}.`,
      )
    const near = nearbyPath(path)
    throw new UsageError(
      `Failed to load client "${specifier}": there is no such file.`,
      near === undefined ? `Looked in ${dirname(path)}. Check the path.` : `Did you mean ${shownPath(near, cwd)}?`,
    )
  }
  if (!extensions.includes(extname(found)))
    throw new UsageError(
      `Failed to load client "${specifier}": it is not a module.`,
      `A client is a TypeScript or JavaScript file (${extensions.join(', ')}).`,
    )
  return found
}

function byName(name: string, { cwd, folders }: FindOptions): string {
  const ours = shipped.includes(name) ? join(here, name + extname(fileURLToPath(import.meta.url))) : undefined
  const found = ours ?? folders.flatMap(modulesIn).find(path => nameOf(path) === name)
  if (found !== undefined) return found

  const file = extensions.map(extension => name + extension).find(candidate => isFile(join(cwd, candidate)))
  const names = clientNames(folders)
  const near = suggest(name, names)
  throw new UsageError(
    `Failed to load client "${name}": no client has that name.`,
    file !== undefined
      ? `A file is named by a path: .${sep}${file}.`
      : `${near === undefined ? '' : `Did you mean ${near}? `}Known names: ${names.join(', ')}. A file is named by a path, like ./client.ts.`,
  )
}

function modulesIn(folder: string): string[] {
  if (!isFolder(folder)) return []
  return readdirSync(folder)
    .filter(file => extensions.includes(extname(file)) && !file.endsWith('.d.ts'))
    .toSorted()
    .map(file => join(folder, file))
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}
