import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { register as registerRequire } from 'tsx/cjs/api'
import { register as registerImport } from 'tsx/esm/api'

/** An import that failed: what was asked for, and by which file. */
export interface FailedImport {
  readonly specifier: string
  /** URL of the file with the import. */
  readonly importer: string
}

/** One fresh copy of a module and of everything it imports. Lazy imports work until it is closed. */
export interface ModuleGraph {
  import(path: string): Promise<Readonly<Record<string, unknown>>>
  /** Which import an error came from, when it came from one. */
  failedImport(error: unknown): FailedImport | undefined
  /** Files of the graph, in the order they were found, without those of packages. */
  readonly files: ReadonlySet<string>
  close(): Promise<void>
}

export interface GraphOptions {
  readonly tsconfig: string | undefined
  /** Folder that packages are also looked for in, when the importer has none. */
  readonly packagesFrom: string | undefined
}

// On globalThis, as a second copy of this module in the process must not hand out the same name twice.
const counter = Symbol.for('blackstart.moduleGraphs')
const shared = globalThis as { [counter]?: number } // a property of ours, which no declaration knows

const mark = 'blackstart-graph-'
/** Of each graph that is open: whether an entry of the cache is a CommonJS module of it that has no namespace. */
const open = new Set<(key: string) => boolean>()
const required = createRequire(import.meta.url).cache

/**
 * Takes modules out of the cache of `require`. Node remembers what a relative `require` in a folder last meant, without
 * the namespace, for as long as that module is cached: a second graph would be given modules of the first.
 */
function setAside(which: (key: string) => boolean): NodeJS.Dict<NodeJS.Module> {
  const taken = Object.fromEntries(Object.entries(required).filter(([key]) => which(key)))
  for (const key of Object.keys(taken)) delete required[key]
  return taken
}

/**
 * Opens a namespace of tsx. This is its `tsImport` in parts: that one cannot be undone, so hooks would pile up with
 * each fresh graph, and it uses `tsconfig` for ES modules alone.
 */
export function openModuleGraph({ tsconfig, packagesFrom }: GraphOptions): ModuleGraph {
  shared[counter] = (shared[counter] ?? 0) + 1
  const namespace = `${mark}${shared[counter]}`
  const members = new Set<string>()
  const files = new Set<string>()
  const before = new Set(Object.keys(required))
  const failures = new WeakMap<object, FailedImport>()
  // tsx gives no namespace to CommonJS packages that ES modules import.
  const isUnmarked = (key: string) => !before.has(key) && members.has(pathToFileURL(key).href)
  open.add(isUnmarked)

  const forRequire = withTsconfig(tsconfig, () => registerRequire({ namespace }))
  const forImport = registerImport({ namespace, ...(tsconfig !== undefined && { tsconfig }) })
  const ours = registerHooks({
    resolve(specifier, context, next) {
      const parent = plainUrl(context.parentURL)
      const marked = inNamespace(context.parentURL, namespace)
      const unmarked = !marked && !context.parentURL?.includes(mark) && parent !== undefined && members.has(parent)
      if (parent === undefined || !(marked || unmarked)) return next(specifier, context)
      const self = ownUrl(specifier)
      if (self !== undefined) return { url: self, format: 'module', shortCircuit: true }
      try {
        // tsx drops its mark from an `import()` inside CommonJS; without it, extensions and aliases are not resolved.
        const lost = unmarked && files.has(parent) && context.conditions.includes('import')
        const parentURL = lost ? `${parent}?tsx-namespace=${namespace}` : context.parentURL
        const resolved = next(specifier, { ...context, parentURL })
        const url = plainUrl(resolved.url)
        if (url?.startsWith('file:')) {
          members.add(url)
          if (!url.includes('/node_modules/')) files.add(url)
        }
        return resolved
      } catch (error) {
        const fallback = packagesFrom === undefined ? undefined : resolveFrom(packagesFrom, specifier, context, next)
        if (fallback !== undefined) return fallback
        if (error instanceof Error && isUnresolved(error) && !failures.has(error))
          failures.set(error, { specifier, importer: parent })
        throw error
      }
    },
  })

  return {
    files,
    import: async path => {
      const url = pathToFileURL(path).href
      files.add(url)
      members.add(url)
      const others = setAside(key =>
        key.includes(mark)
          ? !inNamespace(key, namespace)
          : [...open].some(isOthers => isOthers !== isUnmarked && isOthers(key)),
      )
      try {
        // As if from beside it: a file that another graph knows would be taken for an importer in that one.
        return await forImport.import(url, new URL(namespace, url).href)
      } finally {
        Object.assign(required, others)
      }
    },
    failedImport: error => (error instanceof Error ? failures.get(error) : undefined),
    close: async () => {
      ours.deregister()
      setAside(key => inNamespace(key, namespace) || isUnmarked(key))
      open.delete(isUnmarked)
      await forImport.unregister()
      forRequire.unregister()
    },
  }
}

const unresolved = [
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_BUILTIN_MODULE',
]

function isUnresolved(error: Error): boolean {
  return 'code' in error && unresolved.some(code => code === error.code)
}

type Resolve = Parameters<NonNullable<Parameters<typeof registerHooks>[0]['resolve']>>

function resolveFrom(folder: string, specifier: string, context: Resolve[1], next: Resolve[2]) {
  if (/^[./#]|^\w+:/.test(specifier)) return undefined
  try {
    return next(specifier, { ...context, parentURL: pathToFileURL(join(folder, 'package.json')).href })
  } catch {
    return undefined
  }
}

/** This running copy, for a client that imports `blackstart`: a fresh copy of ourselves would share nothing with the run. */
function ownUrl(specifier: string): string | undefined {
  if (specifier !== 'blackstart' && !specifier.startsWith('blackstart/')) return undefined
  try {
    const url = import.meta.resolve(specifier)
    return existsSync(new URL(url)) ? url : undefined
  } catch {
    return undefined
  }
}

/** tsx keeps its namespace in the query of ES modules, and escaped in the path of CommonJS ones. */
function plainUrl(url: string | undefined): string | undefined {
  return url?.replace(/(\?|%3F).*$/, '')
}

function inNamespace(url: string | undefined, namespace: string): boolean {
  return url !== undefined && new RegExp(`namespace=${namespace}(?!\\d)`).test(url)
}

/** The hooks for `require` take their `tsconfig` from the environment alone, and read it as they are registered. */
function withTsconfig<T>(tsconfig: string | undefined, register: () => T): T {
  const before = process.env['TSX_TSCONFIG_PATH']
  if (tsconfig !== undefined) process.env['TSX_TSCONFIG_PATH'] = tsconfig
  try {
    return register()
  } finally {
    if (before === undefined) delete process.env['TSX_TSCONFIG_PATH']
    else process.env['TSX_TSCONFIG_PATH'] = before
  }
}
