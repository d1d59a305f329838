import { clientEnv, installEnv } from '../clients/env.ts'
import { type LoadedClient, type LoadOptions, loadIntegration } from '../clients/load.ts'
import { replace } from '../clock/chance.ts'
import { toRest } from '../clock/real-work.ts'
import { importTimeFetch } from '../engines/active-tap.ts'
import type { Integration } from '../model/integration.ts'
import type { Addresses } from '../providers/addressed.ts'
import { providersFor } from '../providers/for-run.ts'
import type { Provider } from '../providers/provider.ts'

/**
 * Loads a client module with the run's own world around its import: a client that is built when its module is imported
 * sees the canary keys and a `fetch` that reaches whatever run is under way. Rejects with a `UsageError`.
 */
export async function loadClient(specifier: string, options: LoadClientOptions = {}): Promise<LoadedClient> {
  const providers = providersFor({}, options.addresses)
  const client = await inImportTime(providers, () => loadIntegration(specifier, options))
  return {
    ...client,
    reload: () => inImportTime<Integration>(providers, () => client.reload()),
    another: () => inImportTime<Integration>(providers, () => client.another()),
  }
}

export interface LoadClientOptions extends LoadOptions {
  /** Where providers are reached, when a gateway stands in front: base URLs by provider. */
  readonly addresses?: Addresses
}

async function inImportTime<T>(providers: readonly Provider[], load: () => Promise<T>): Promise<T> {
  using _env = installEnv(clientEnv(providers))
  const restore = replace(globalThis, 'fetch', importTimeFetch)
  try {
    // The loader keeps what it compiled in a cache on disk, and writes that after the import.
    return await toRest(load)
  } finally {
    restore()
  }
}
