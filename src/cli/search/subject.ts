import { clientFolders, shownPath, usualClient } from '../../clients/find-client.ts'
import type { LoadedClient } from '../../clients/load.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Integration } from '../../model/integration.ts'
import type { Scenario } from '../../model/scenario.ts'
import { catalogueOf, runOptionsOf, underConfig } from '../../run/config/apply-config.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import { readScenarioFile, renderCheck } from '../../scenario/index.ts'
import type { RunWith, Subject } from '../../search/types.ts'
import type { Target } from '../registry.ts'
import type { SubjectRequest } from './order.ts'

/** A client that is loaded, and what its runs are done with. */
export interface Loaded extends Subject {
  readonly runWith: RunWith
  close(): Promise<void>
}

export function readConfig({ config }: Pick<SubjectRequest, 'config'>): Promise<LoadedConfig> {
  return loadConfig(process.cwd(), config ?? false)
}

/** Loads the client under search. `usual` stands for a scenario that says which client it needs. */
export async function loadSubject(
  request: SubjectRequest,
  config: LoadedConfig,
  usual: Pick<Scenario, 'needs' | 'provider'>,
): Promise<Loaded> {
  const cwd = process.cwd()
  const { answersFrom, addresses: configured, ...more } = runOptionsOf(config)
  const addresses = { ...configured, ...request.addresses }
  const specifier = request.client ?? config.client ?? usualClient(usual)
  const client: LoadedClient = await loadClient(specifier, { cwd, folders: clientFolders(cwd), addresses })
  const { integration, path } = client
  const agreed = (one: Integration) => withWorkload(one, config)
  return {
    integration: agreed(integration),
    another: async () => agreed(await client.another()),
    path,
    spec: request.client ?? (config.client === undefined ? specifier : ''),
    runWith: { ...more, addresses, ...(answersFrom !== undefined && { answersFrom }) },
    close: () => client.close(),
  }
}

/** What a team has agreed on in its config goes before what the module assumes. */
function withWorkload(integration: Integration, { workload }: LoadedConfig): Integration {
  if (!workload) return integration
  const { assumes = {} } = integration
  return { ...integration, assumes: { ...assumes, workload: { ...assumes.workload, ...workload } } }
}

/** Reads the scenario that a search varies. Throws a `UsageError` with all that is wrong with it. */
export function readBase({ path, spec }: Target, config: LoadedConfig): { scenario: Scenario; file: string } {
  const file = shownPath(path, process.cwd())
  const { scenario, diagnostics, text } = readScenarioFile(path, { catalogue: catalogueOf(config) })
  if (!scenario || diagnostics.some(({ severity }) => severity === 'error'))
    throw new UsageError(renderCheck(file, diagnostics, text))
  if (scenario.matrix)
    throw new UsageError(
      `${spec} has a matrix: a search varies one scenario.`,
      'Write one of its variants as a file of its own.',
    )
  return { scenario: underConfig(scenario, config, { file }), file }
}
