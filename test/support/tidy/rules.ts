import { posix } from 'node:path'
import { banned, defaultExports, homes, longFiles, rows } from './house.ts'
import { type Import, importsOf, readSource, type SourceText } from './source-text.ts'

/** One file below `src/`; `path` is relative to it, with `/`. */
export interface SourceFile extends SourceText {
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

/** A rule of the house: what it finds untidy, one line each, with what to do. `tests` are paths below `test/`. */
export type Rule = (files: readonly SourceFile[], tests: readonly string[]) => string[]

/** Files to look at, from their texts by path. */
export function sourceFiles(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => {
    const source = readSource(text)
    return { path, text, ...source, imports: importsOf(source) }
  })
}

export const rules: Readonly<Record<string, Rule>> = {
  'a folder imports only from itself and the rows above it': files =>
    files.flatMap(({ path, imports }) => {
      const from = folderOf(path)
      const row = rowOf(from)
      if (row === -1)
        return [`${path}: folder ${from} has no row; add it to test/support/tidy/house.ts and design it in`]
      return imports
        .map(({ specifier }) => target(path, specifier))
        .filter(to => to !== undefined)
        .map(to => (to.startsWith('../') ? 'what is outside src' : folderOf(to)))
        .filter(to => to !== from && !(rowOf(to) !== -1 && rowOf(to) < row))
        .map(to => `${path}: may not import ${to}, which is not above ${from}`)
    }),

  'a package is imported in its home alone': files =>
    files.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !homes.get(packageOf(specifier))?.test(path))
        .map(({ specifier }) => {
          const home = homes.get(packageOf(specifier))
          return home
            ? `${path}: ${packageOf(specifier)} is not at home here; its home is ${home.source}`
            : `${path}: ${packageOf(specifier)} has no home; name one, and why we need it, in test/support/tidy/house.ts`
        }),
    ),

  'time, chance and the console are reached through their own folders': files =>
    files.flatMap(({ path, code }) =>
      banned
        .filter(({ pattern, home }) => pattern.test(code) && !home?.test(path))
        .map(({ what, instead }) => `${path}: ${what} is banned; ${instead}`),
    ),

  'nothing is left to be done': files =>
    files
      .filter(({ text }) => /\b(?:TODO|FIXME|XXX)\b/.test(text))
      .map(({ path }) => `${path}: finish it before merging`),

  'exports have names': files =>
    files
      .filter(({ path, code }) => /\bexport\s+default\b|\bas\s+default\b/.test(code) && !defaultExports.includes(path))
      .map(({ path }) => `${path}: has a default export; give it a name (client modules are excepted)`),

  'files are kebab-case': files =>
    files
      .filter(({ path }) => !path.split('/').every(part => /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.tsx?)?$/.test(part)))
      .map(({ path }) => `${path}: spell it in kebab-case`),

  'a file fits in the head': files => [
    ...files
      .filter(({ path, text }) => linesOf(text) > 300 && !longFiles.has(path))
      .map(({ path, text }) => `${path}: has ${linesOf(text)} lines; at 300 ask what the second subject is`),
    ...files
      .filter(({ path, text }) => linesOf(text) <= 300 && longFiles.has(path))
      .map(({ path }) => `${path}: is short again; take it off the list of long files`),
  ],

  'relative imports name the file': files =>
    files.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('.') && !/\.(?:tsx?|json)$/.test(specifier))
        .map(({ specifier }) => `${path}: import of ${specifier} must end in .ts`),
    ),

  'a fault has a test of its own': (files, tests) =>
    files
      .map(({ path }) => ({ path, id: /^faults\/([^/]+)\.ts$/.exec(path)?.[1] }))
      .filter(({ id }) => id !== undefined && id !== 'index' && !tests.includes(`unit/faults/${id}.test.ts`))
      .map(({ path, id }) => `${path}: write test/unit/faults/${id}.test.ts, with what an app sees of it`),

  'what is imported is there': files => {
    const paths = new Set(files.map(({ path }) => path))
    return files.flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => target(path, specifier))
        .filter(to => to !== undefined && /\.tsx?$/.test(to) && !to.startsWith('../') && !paths.has(to))
        .map(to => `${path}: imports ${to}, which is not there`),
    )
  },

  'modules do not load each other in a circle': files => {
    const graph = new Map(
      files.map(({ path, imports }) => [
        path,
        imports.filter(({ kind }) => kind === 'static').map(({ specifier }) => target(path, specifier) ?? ''),
      ]),
    )
    return circles(graph).map(
      circle => `${circle.join(' > ')}: a circle of imports; move what they share to a third file`,
    )
  },
}

function rowOf(folder: string): number {
  return rows.findIndex(row => row.includes(folder))
}

/** First folder of a path; `index.ts` is one by itself. */
function folderOf(path: string): string {
  return path.split('/')[0] ?? path
}

function target(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return homes.has(specifier) ? specifier : 'node:'
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

/** One circle for every edge back to a node that is still being visited. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (node: string, trail: readonly string[]) => {
    if (trail.includes(node)) found.push([...trail.slice(trail.indexOf(node)), node])
    if (done.has(node) || trail.includes(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return found
}
