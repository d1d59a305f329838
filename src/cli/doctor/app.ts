import { isAbsolute } from 'node:path'
import { clientFolders, shownPath } from '../../clients/find-client.ts'
import { UsageError } from '../../lib/errors.ts'
import { plural } from '../../reports/text.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import { type Check, fail, info, ok } from './check.ts'

export interface AppOptions {
  readonly cwd: string
  /** `--config`, `--no-config`. */
  readonly configFlag: string | false | undefined
  /** `--client`. */
  readonly client: string | undefined
}

/** Whether the config is sound, and whether the client module that it names can be loaded. */
export async function appChecks({ cwd, configFlag, client }: AppOptions): Promise<readonly Check[]> {
  const config = await told('config', () => loadConfig(cwd, configFlag))
  if ('status' in config) return [config]
  return [configCheck(config, cwd), await clientCheck(client ?? config.client, config, cwd)]
}

function configCheck({ path, scenarios, accepted }: LoadedConfig, cwd: string): Check {
  if (path === undefined)
    return info('config', 'no config: flags and scenarios say everything', 'blackstart init writes one.')
  const known = [
    ...(scenarios.length > 0
      ? [`scenarios: ${scenarios.map(word => (isAbsolute(word) ? shownPath(word, cwd) : word)).join(', ')}`]
      : []),
    ...(accepted.length > 0 ? [plural(accepted.length, 'accepted finding')] : []),
  ]
  return ok('config', `${shownPath(path, cwd)} is sound${known.length > 0 ? ` (${known.join('; ')})` : ''}`)
}

async function clientCheck(client: string | undefined, { addresses }: LoadedConfig, cwd: string): Promise<Check> {
  if (client === undefined)
    return info(
      'client',
      'no client module is named: the provider’s bare SDK is run',
      'blackstart init writes one; --client names one.',
    )
  const check = await told('client', async () => {
    const loaded = await loadClient(client, { cwd, folders: clientFolders(cwd), addresses })
    await loaded.close()
    return loaded
  })
  return 'status' in check ? check : ok('client', `${shownPath(client, cwd)} loads (${check.name})`)
}

/** What `load` gives; a failed check where the person has something to mend. */
async function told<T extends object>(id: string, load: () => Promise<T>): Promise<T | Check> {
  try {
    return await load()
  } catch (error) {
    if (error instanceof UsageError) return fail(id, error.message, error.hint)
    throw error
  }
}
