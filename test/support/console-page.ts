import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePage } from '../../tools/console/bundle.ts'

/** Bundles the console's page to where the sources look for it. Each file is there at once, as others may be reading it. */
export async function bundledPage(): Promise<string> {
  const cache = fileURLToPath(new URL('../../.cache/console', import.meta.url))
  const folder = join(cache, 'page')
  mkdirSync(folder, { recursive: true })
  const fresh = mkdtempSync(join(cache, 'fresh-'))
  await bundlePage(fresh)
  for (const file of readdirSync(fresh)) renameSync(join(fresh, file), join(folder, file))
  rmSync(fresh, { recursive: true })
  return folder
}
