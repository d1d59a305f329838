import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The nearest `package.json` in `below` of `folder` or of a folder above it; `undefined` when there is none to be read. */
export function manifestUpwards(folder: string, below = '.'): Record<string, unknown> | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      return JSON.parse(readFileSync(join(at, below, 'package.json'), 'utf8'))
    } catch {
      if (dirname(at) === at) return undefined
    }
  }
}

/** Version of a package as a module in `folder` would get it; `undefined` when there is none. */
export function versionOf(name: string, folder: string): string | undefined {
  const version = manifestUpwards(folder, join('node_modules', name))?.['version']
  return typeof version === 'string' ? version : undefined
}
