import { UsageError } from '../lib/errors.ts'
import type { Integration } from '../model/integration.ts'
import { integrationOf } from './check-integration.ts'
import { findClient, isShipped, nameOf, nearestTsconfig, shownPath } from './find-client.ts'
import { importProblem } from './import-problem.ts'
import type { ModuleGraph } from './module-graph.ts'

export interface LoadOptions {
  /** Paths are relative to it; the current folder when absent. */
  readonly cwd?: string
  /** Folders whose modules can be named without a path, after the shipped clients. */
  readonly folders?: readonly string[]
}

export interface LoadedClient {
  readonly integration: Integration
  readonly name: string
  readonly path: string
  /** The integration from a fresh module graph. The one before can import nothing more from then on. */
  reload(): Promise<Integration>
  /**
   * The integration from one more module graph, beside those before: another process would have its own. What CommonJS
   * packages require late they share.
   */
  another(): Promise<Integration>
  /** Ends the lazy imports of the module. */
  close(): Promise<void>
}

/**
 * Loads a client module: `specifier` is a path, or the bare name of a shipped or a fixture client. Throws a
 * `UsageError` that names the place and the fix when there is none, when it cannot be imported, or when what it exports
 * is no integration.
 */
export async function loadIntegration(specifier: string, options: LoadOptions = {}): Promise<LoadedClient> {
  const { cwd = process.cwd(), folders = [] } = options
  const path = findClient(specifier, { cwd, folders })
  const tsconfig = nearestTsconfig(path)

  const graphs: ModuleGraph[] = []
  const close = async () => {
    for (const graph of graphs.splice(0).reverse()) await graph.close()
  }
  const another = async () => {
    const fresh = await open({ path, specifier, cwd, tsconfig })
    graphs.push(fresh)
    const module = await fresh.import(path).catch(error => {
      const failedImport = fresh.failedImport(error)
      throw importProblem({ error, specifier, cwd, tsconfig, failedImport, files: fresh.files })
    })
    return integrationOf(module, specifier, nameOf(path))
  }
  const reload = async () => {
    await close()
    return another()
  }

  try {
    const integration = await another()
    return { integration, name: integration.name, path, reload, another, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Opening {
  readonly path: string
  readonly specifier: string
  readonly cwd: string
  readonly tsconfig: string | undefined
}

async function open({ path, specifier, cwd, tsconfig }: Opening): Promise<ModuleGraph> {
  // Imported late: tsx brings a compiler, and most commands load no client.
  const { openModuleGraph } = await import('./module-graph.ts')
  try {
    // What ships with us finds its SDK in the project too: with `npx`, only that one may have it.
    return openModuleGraph({ tsconfig, packagesFrom: isShipped(path) ? cwd : undefined })
  } catch (error) {
    if (tsconfig === undefined) throw error
    throw new UsageError(
      `Failed to load client "${specifier}": ${shownPath(tsconfig, cwd)} cannot be read. ${String(error)}`,
      'Mend that tsconfig.json, or what it extends.',
    )
  }
}
