import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../lib/errors.ts'

export interface Asset {
  readonly type: string
  readonly body: Buffer
}

/** The page's files, by the paths that they are asked for by. */
export interface Assets {
  readonly page: Asset
  readonly files: ReadonlyMap<string, Asset>
}

const types = { 'page.js': 'text/javascript; charset=utf-8', 'page.css': 'text/css; charset=utf-8' } as const

/** Where the page is: beside the built code; in a checkout that runs from its sources, where it was built for that. */
function usualFolder(): string {
  const here = import.meta.dirname
  return import.meta.filename.endsWith('.ts') ? join(here, '../../.cache/console/page') : join(here, 'page')
}

/** Reads the page. Throws a `UsageError` where it was not built. */
export function readAssets(folder = usualFolder()): Assets {
  const read = (name: string, type: string): Asset => {
    try {
      return { type, body: readFileSync(join(folder, name)) }
    } catch {
      throw new UsageError(
        `The console’s page is not built: there is no ${join(folder, name)}.`,
        'npm run build:console makes it; --no-console goes without.',
      )
    }
  }
  return {
    page: read('index.html', 'text/html; charset=utf-8'),
    files: new Map(Object.entries(types).map(([name, type]) => [`/${name}`, read(name, type)])),
  }
}
