import { usualClient } from '../src/clients/find-client.ts'
import type { Scenario } from '../src/model/scenario.ts'
import { providers } from '../src/providers/index.ts'
import { loadClient } from '../src/run/load-client.ts'
import { runScenario } from '../src/run/run-scenario.ts'
import { attemptsOf, count, median, micros } from './support.ts'

const minute = 60_000

/** What an attempt costs, by provider and streaming, healthy answers read to their end; each SDK's own cost is in it. */
export async function* byProvider(): AsyncGenerator<string> {
  yield 'Cost of a healthy attempt by provider (its own SDK, default settings), taking turns; ratio to the first row'
  const rows = providers.flatMap(({ id }) => [
    { id, streaming: 0 },
    { id, streaming: 1 },
  ])
  const clients = new Map<string, Awaited<ReturnType<typeof loadClient>>>()
  for (const { id } of rows) if (!clients.has(id)) clients.set(id, await loadClient(usualClient({ provider: id })))
  const costs = rows.map((): number[] => [])
  const attempts = rows.map(() => 0)
  // The first round warms up.
  for (let round = 0; round < 6; round++)
    for (const [i, { id, streaming }] of rows.entries()) {
      const integration = clients.get(id)?.integration
      if (!integration) continue
      const result = await runScenario({ scenario: healthy(id, streaming), integration, seed: round + 1 })
      attempts[i] = attemptsOf(result)
      if (round > 0) costs[i]?.push(result.wallMs / Math.max(1, attemptsOf(result)))
    }
  const floor = median(costs[0] ?? [])
  for (const [i, { id, streaming }] of rows.entries()) {
    const cost = median(costs[i] ?? [])
    const what = `${id} ${streaming === 1 ? 'streamed' : 'whole'}`
    yield `  ${what.padEnd(20)} ${micros(cost).padStart(8)} (${(cost / floor).toFixed(2)}), ${count(attempts[i] ?? 0)} attempts a round, median of 5`
  }
}

function healthy(provider: string, streaming: number): Scenario {
  return {
    blackstart: 1,
    id: 'healthy',
    provider,
    phases: [{ name: 'quiet', for: 30 * minute }],
    workload: { streaming, users: 20, tasks: 600 },
  }
}
