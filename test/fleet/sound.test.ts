import { describe, expect, test } from 'vitest'
import { runPair, scenarios, soundClients } from '../support/fleet.ts'

// `npm run fleet` runs fifty, on all cores.
const seeds = Array.from({ length: Number(process.env['FLEET_SEEDS'] ?? 1) }, (_, i) => i + 1)
// Half of the pairs a day, unless more seeds are asked for: then all.
const day = Math.floor(Date.now() / 86_400_000)
const cells = soundClients
  .flatMap(client => [...scenarios.keys()].flatMap(scenario => seeds.map(seed => ({ client, scenario, seed }))))
  .filter((_, i) => process.env['FLEET_SEEDS'] !== undefined || (i + day) % 2 === 0)

describe('a sound client is never accused', () => {
  test.for(cells)('$client in $scenario, seed $seed', async ({ client, scenario, seed }) => {
    const result = await runPair(client, scenario, { seed })
    expect(result.findings.filter(({ severity }) => severity === 'fail')).toEqual([])
    expect(result.exitCode, result.reason).toBe(0)
    expect(result.faults.filter(({ status }) => status === 'missed' || status === 'thin')).toEqual([])
  })
})
