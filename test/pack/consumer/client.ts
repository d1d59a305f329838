// A stranger's client module, compiled and run beside the packed tarball.
import Anthropic from '@anthropic-ai/sdk'
import {
  defineIntegration,
  type Integration,
  outageHandlers,
  parseScenario,
  type RunResult,
  runScenario,
} from 'blackstart'

const client: Integration<Anthropic> = defineIntegration<Anthropic>({
  name: 'stranger',
  start: () => new Anthropic({ maxRetries: 1, timeout: 20_000 }),
  perform: async (anthropic, { prompt }, { signal }) => {
    const messages = [{ role: 'user' as const, content: prompt }]
    const answer = await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages }, { signal })
    return answer
  },
})

export default client

/** Never called: it shows that the types fit together. */
export async function tryAll(yaml: string): Promise<RunResult['findings']> {
  const { scenario, diagnostics } = parseScenario(yaml)
  if (!scenario) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  const outage = outageHandlers(scenario, { seed: 3 })
  outage.start()
  const { findings } = await runScenario({ scenario, integration: client, seed: 3, users: 5 })
  return findings
}
