import { UsageError } from '../../lib/errors.ts'
import type { Command } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { print } from '../output.ts'

export const check: Command = {
  name: 'check',
  group: 'write an outage',
  says: 'say what is wrong with scenario files, all of it at once',
  usage: 'FILE…',
  flags: { ...configFlags },
  examples: ['blackstart check scenarios/my-outage.yaml'],
  async run(invocation) {
    const { words } = invocation
    if (words.length === 0) throw new UsageError('Name a scenario file to check.', 'blackstart check FILE…')
    const [scenarios, { catalogueOf }, { loadConfig }] = await Promise.all([
      import('../../scenario/index.ts'),
      import('../../run/config/apply-config.ts'),
      import('../../run/config/load-config.ts'),
    ])
    const { outOfRunDiagnostics, readScenarioFile, renderCheck, variantDiagnostics, variantsOf } = scenarios
    const catalogue = catalogueOf(await loadConfig(process.cwd(), configFlag(invocation)))
    let isClean = true
    for (const file of words) {
      const { scenario, positions, text, ...read } = readScenarioFile(file, { catalogue })
      const ofMatrix = scenario ? variantDiagnostics(variantsOf(scenario, catalogue), positions, file) : []
      const outOfRun = scenario ? outOfRunDiagnostics(scenario, positions, file) : []
      const diagnostics = [...read.diagnostics, ...outOfRun, ...ofMatrix]
      print(diagnostics.length === 0 ? `${file}: ok\n` : renderCheck(file, diagnostics, text))
      if (diagnostics.some(diagnostic => diagnostic.severity === 'error')) isClean = false
    }
    return isClean ? 0 : 2
  },
}
