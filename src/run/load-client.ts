import { clientEnv, installEnv } from '../clients/env.ts'
import { type LoadedClient, type LoadOptions, loadIntegration } from '../clients/load.ts'
import { replace } from '../clock/chance.ts'
import { importTimeFetch } from '../engines/active-tap.ts'
import type { Integration } from '../model/integration.ts'
import { providers } from '../providers/index.ts'

/**
 * Loads a client module with the run's own world around its import: a client that is built when its module is imported
 * sees the canary keys and a `fetch` that reaches whatever run is under way. Rejects with a `UsageError`.
 */
export async function loadClient(specifier: string, options: LoadOptions = {}): Promise<LoadedClient> {
  const client = await inImportTime(() => loadIntegration(specifier, options))
  return { ...client, reload: () => inImportTime<Integration>(() => client.reload()) }
}

async function inImportTime<T>(load: () => Promise<T>): Promise<T> {
  using _env = installEnv(clientEnv(providers))
  const restore = replace(globalThis, 'fetch', importTimeFetch)
  try {
    return await load()
  } finally {
    restore()
  }
}
