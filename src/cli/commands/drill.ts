import { UsageError } from '../../lib/errors.ts'
import type { Command } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { drillFlags } from '../drill/flags.ts'
import { refuse } from '../run/finish.ts'
import { usageRefusal } from '../run/refusal.ts'
import { readReports } from '../run/targets.ts'

export const drill: Command = {
  name: 'drill',
  group: 'run an outage',
  says: 'take an app in any language through an outage in real time, over real sockets',
  usage: 'SCENARIO [flags] [-- COMMAND …]',
  takesCommand: true,
  flags: { ...drillFlags, ...configFlags },
  examples: [
    'blackstart drill chat-before-api -- npm start',
    'blackstart drill global-down --speed 20 -- python app.py',
    'blackstart drill global-down --client ./outage-client.ts --speed 60',
    'blackstart drill flapping --port 8400',
    'blackstart drill --resume drill.jsonl -- npm start',
  ],
  async run(invocation) {
    let reports = readReports(invocation.values('report'))
    try {
      const { loadConfig } = await import('../../run/config/load-config.ts')
      const config = await loadConfig(process.cwd(), configFlag(invocation))
      if (!invocation.has('report')) reports = readReports(config.reports)
      const { runDrill } = await import('../drill/run-drill.ts')
      return await runDrill(invocation, { config, reports })
    } catch (error) {
      if (error instanceof UsageError) return refuse(reports, usageRefusal(error))
      throw error
    }
  },
}
