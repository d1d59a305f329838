import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = join(root, 'src/console/page')

/**
 * Bundles the console's page into a folder: `index.html`, `page.js`, `page.css`, and `licences.txt` with what the libraries in
 * it ask to be told. Nothing of it is fetched from anywhere.
 */
export async function bundlePage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { page: join(page, 'main.tsx') },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    metafile: true,
    legalComments: 'inline',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: {},
    banner: { js: '/*! What is bundled here, and under which licence: licences.txt */' },
    logLevel: 'silent',
  })
  await build({
    absWorkingDir: root,
    entryPoints: { page: join(page, 'page.css') },
    outdir: folder,
    bundle: true,
    minify: true,
    legalComments: 'inline',
    logLevel: 'silent',
  })
  cpSync(join(page, 'index.html'), join(folder, 'index.html'))
  writeFileSync(join(folder, 'licences.txt'), licences(Object.keys(metafile.inputs)))
}

/** The licence of each package that a bundle has anything of. */
function licences(inputs: readonly string[]): string {
  const names = new Set(inputs.flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))
  return [...names]
    .toSorted()
    .map(name => {
      const { version, license }: { version: string; license: string } = JSON.parse(
        readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
      )
      return `${name} ${version} (${license})\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`
    })
    .join('\n\n')
}
