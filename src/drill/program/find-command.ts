import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'

export interface CommandPlace {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Throws a `UsageError` that says why, and what to do, when the command cannot be started there. */
export function checkCommand(argv: readonly string[], { cwd, env }: CommandPlace): void {
  const [name] = argv
  if (name === undefined || name === '')
    throw new UsageError('There is no program to start.', 'Write it after two dashes: -- npm start')
  if (!isFolder(cwd))
    throw new UsageError(
      `Failed to start "${name}": there is no folder ${cwd} to start it in.`,
      'Check the path behind cwd.',
    )
  const places = name.includes('/') ? [resolve(cwd, name)] : foldersOf(env, cwd).map(folder => join(folder, name))
  const there = places.filter(path => existsSync(path) && !isFolder(path))
  if (there.some(isExecutable)) return
  if (there.length > 0)
    throw new UsageError(
      `Failed to start "${name}": it may not be run.`,
      `Allow it (chmod +x ${name}), or name the program that reads it: sh ${name}`,
    )
  if (places.some(path => isFolder(path)) && name.includes('/'))
    throw new UsageError(`Failed to start "${name}": it is a folder.`, 'Name the program in it.')
  throw new UsageError(`Failed to start "${name}": there is no such program.`, missingHint(argv, { cwd, env }))
}

function missingHint([name = '', ...rest]: readonly string[], { cwd, env }: CommandPlace): string {
  if (/\s/.test(name) && rest.length === 0) return `Write its words apart: -- ${name}`
  if (name.includes('/')) return `It is looked up from ${cwd}.`
  if (existsSync(join(cwd, name))) return `What is in the current folder is named with its path: ./${name}`
  const meant = suggest(
    name,
    foldersOf(env, cwd).flatMap(folder => namesIn(folder)),
  )
  return meant === undefined ? 'Check its spelling, and the PATH.' : `Did you mean "${meant}"?`
}

function foldersOf(env: Readonly<Record<string, string>>, cwd: string): readonly string[] {
  return (env['PATH'] ?? '/usr/bin:/bin').split(delimiter).map(folder => resolve(cwd, folder))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
