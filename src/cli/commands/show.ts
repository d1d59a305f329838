import { UsageError } from '../../lib/errors.ts'
import type { Command } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { notice, print, useColor } from '../output.ts'
import { findScenarios } from '../registry.ts'

export const show: Command = {
  name: 'show',
  group: 'run an outage',
  says: 'draw a scenario: its phases on a timeline per surface, and what it expects',
  usage: 'SCENARIO',
  flags: { ...configFlags },
  examples: ['blackstart show claude-2026-03-02', 'blackstart show ./my-outage.yaml'],
  async run(invocation) {
    const { words } = invocation
    const [word, ...more] = words
    if (word === undefined) throw new UsageError('Name the scenario to show.', 'blackstart list shows all ids.')
    if (more.length > 0) throw new UsageError('show draws one scenario at a time.')
    const [target, ...others] = findScenarios(word)
    if (!target || others.length > 0)
      throw new UsageError(`${word} holds several scenarios; show draws one.`, `For example ${target?.spec}.`)
    const [{ readScenarioFile, renderCheck }, { catalogueOf }, { compilePlan }, { scenarioPage }, { loadConfig }] =
      await Promise.all([
        import('../../scenario/index.ts'),
        import('../../run/config/apply-config.ts'),
        import('../../model/timeline.ts'),
        import('../../reports/scenario-page.ts'),
        import('../../run/config/load-config.ts'),
      ])
    const catalogue = catalogueOf(await loadConfig(process.cwd(), configFlag(invocation)))
    const { scenario, diagnostics, text } = readScenarioFile(target.path, { catalogue })
    if (diagnostics.length > 0) notice(renderCheck(target.path, diagnostics, text))
    if (!scenario) return 2
    const width = process.stdout.isTTY ? Math.max(60, process.stdout.columns || 80) : 80
    const plan = compilePlan(scenario, catalogue.faults)
    print(scenarioPage(plan, { color: useColor(process.stdout), width, catalogue }))
    return 0
  },
}
