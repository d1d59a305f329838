import { clientFolders, shownPath, usualClient } from '../../clients/find-client.ts'
import { rehearsal } from '../../gameday/rehearsal.ts'
import { respondersCopy, runOfShow, tabletop } from '../../gameday/run-of-show.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Scenario } from '../../model/scenario.ts'
import { compilePlan } from '../../model/timeline.ts'
import { catalogueOf, runOptionsOf, underConfig } from '../../run/config/apply-config.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import { runScenario } from '../../run/run-scenario.ts'
import { readGameDay, renderCheck, schemaLine } from '../../scenario/index.ts'
import { findScenarios } from '../registry.ts'

export interface PlanGameDayOptions {
  readonly path: string
  /** `responders`, `tabletop`, `yaml`, `rehearse`; the run-of-show when absent. */
  readonly kind: string | undefined
  readonly config: string | false | undefined
  readonly client: string | undefined
  readonly users: string | undefined
}

export interface PlannedGameDay {
  /** What is wrong with the file; empty when nothing is. */
  readonly problems: string
  /** Absent when it cannot be planned. */
  readonly text: string | undefined
}

/** One of the papers of a game day. Rejects with a `UsageError` for a client that cannot be had. */
export async function planGameDay(options: PlanGameDayOptions): Promise<PlannedGameDay> {
  const config = await loadConfig(process.cwd(), options.config)
  const catalogue = catalogueOf(config)
  const find = (word: string) => findScenarios(word)[0]?.path ?? word
  const { scenario, diagnostics, text } = readGameDay(options.path, { catalogue, find })
  const shown = (path: string) => shownPath(path, process.cwd())
  const named = diagnostics.map(one => ({ ...one, file: shown(one.file) }))
  const problems = renderCheck(shown(options.path), named, text)
  if (!scenario) return { problems, text: undefined }
  const plan = compilePlan(scenario, catalogue.faults)
  switch (options.kind) {
    case 'responders':
      return { problems, text: respondersCopy(plan) }
    case 'tabletop':
      return { problems, text: tabletop(plan, catalogue) }
    case 'yaml':
      return { problems, text: text.replace(/^# yaml-language-server: .*/, schemaLine) }
    case 'rehearse':
      return { problems, text: rehearsal(await rehearse(scenario, options, config), catalogue) }
    default:
      return { problems, text: runOfShow(plan, catalogue) }
  }
}

async function rehearse(scenario: Scenario, { client, users: text }: PlanGameDayOptions, config: LoadedConfig) {
  const users = text === undefined ? undefined : Number(text)
  if (users !== undefined && !(Number.isSafeInteger(users) && users > 0))
    throw new UsageError(`--users ${text}: expected a whole number of at least 1.`)
  const cwd = process.cwd()
  const specifier = client ?? config.client ?? usualClient(scenario)
  const loaded = await loadClient(specifier, { cwd, folders: clientFolders(cwd) })
  try {
    return await runScenario({
      ...runOptionsOf(config),
      scenario: underConfig(scenario, config),
      integration: loaded.integration,
      ...(users !== undefined && { users }),
    })
  } finally {
    await loaded.close()
  }
}
