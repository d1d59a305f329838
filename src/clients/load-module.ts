import { nearestTsconfig } from './find-client.ts'
import { importProblem, type LoadedKind } from './import-problem.ts'

export interface LoadModuleOptions {
  readonly what: LoadedKind
  /** How people know it. */
  readonly specifier: string
  readonly cwd: string
}

/**
 * What the module at `path` exports, loaded as client modules are: TypeScript, aliases and CommonJS alike. What it would
 * import later it no longer can. Throws a `UsageError` that names the place and the fix.
 */
export async function loadModule(path: string, options: LoadModuleOptions): Promise<Readonly<Record<string, unknown>>> {
  const tsconfig = nearestTsconfig(path)
  // Imported late: tsx brings a compiler.
  const { openModuleGraph } = await import('./module-graph.ts')
  const graph = openModuleGraph({ tsconfig, packagesFrom: undefined })
  try {
    return await graph.import(path)
  } catch (error) {
    const failedImport = graph.failedImport(error)
    throw importProblem({ ...options, error, tsconfig, failedImport, files: graph.files })
  } finally {
    await graph.close()
  }
}
