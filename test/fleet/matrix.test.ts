import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isRepeat } from '../../src/model/scenario.ts'
import { brokenClients, clients, runPair, scenarios, soundClients } from '../support/fleet.ts'

const file = resolve(import.meta.dirname, '../../fixtures/clients/expected.json')
const isUpdating = process.env['UPDATE_FIXTURES'] === '1'
const isWhole = isUpdating || process.env['FLEET_FULL'] === '1'

/**
 * A quarter of the users gives the same exit codes in a quarter of the time. But a rate limit stays what it is, however
 * few they are: what breaks by one needs them all. So does a provider that reacts to load. `FLEET_FULL=1` and an update
 * take all users everywhere.
 */
function partOf(client: string, scenario: string): number {
  const own = brokenClients.find(({ name }) => name === client)?.scenario ?? ''
  return isWhole || reactsToLoad(scenario) || (hasLimits(scenario) && hasLimits(own)) ? 1 : 1 / 4
}

function reactsToLoad(id: string): boolean {
  return scenarios.get(id)?.scenario.capacity !== undefined
}

function hasLimits(id: string): boolean {
  const phases = scenarios.get(id)?.scenario.phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item]))
  return phases?.some(({ limits }) => limits !== undefined) ?? false
}

/** Exit code by client and scenario, of a run with the scenario's own number of users and seed 1. */
const expected: Record<string, Record<string, number>> = isUpdating ? {} : JSON.parse(readFileSync(file, 'utf8'))

// Run whole elsewhere: the sound clients in `sound.test.ts`, a broken one's own pair, for which it may need all users, in
// `pairs.test.ts`.
const isRunElsewhere = (client: string, scenario: string) =>
  soundClients.some(sound => sound === client) ||
  brokenClients.some(broken => broken.name === client && broken.scenario === scenario)

const cells = clients.flatMap(client =>
  [...scenarios.keys()]
    .filter(scenario => isWhole || !isRunElsewhere(client, scenario))
    .map(scenario => ({ client, scenario })),
)

/** A third of them a day; `FLEET_FULL=1` runs all. */
const day = Math.floor(Date.now() / 86_400_000)
const due = cells.filter((_, i) => isWhole || (i + day) % 3 === 0)

describe('the exit code is the one on record', () => {
  test.for(due)('$client in $scenario', { timeout: 60_000 }, async ({ client, scenario }) => {
    const { exitCode, reason } = await runPair(client, scenario, { part: partOf(client, scenario) })
    if (isUpdating) {
      expected[client] = { ...expected[client], [scenario]: exitCode }
      return
    }
    expect(exitCode, reason).toBe(expected[client]?.[scenario])
  })
})

test.skipIf(isUpdating)('every pair is on record, and every record is a pair', () => {
  expect(Object.keys(expected)).toEqual(clients)
  for (const byScenario of Object.values(expected)) expect(Object.keys(byScenario)).toEqual([...scenarios.keys()])
})

test.skipIf(isUpdating)(
  'a sound client is on record as passing everywhere, a broken one as failing in its own scenario',
  () => {
    for (const client of soundClients)
      expect(new Set(Object.values(expected[client] ?? {})), client).toEqual(new Set([0]))
    for (const { name, scenario } of brokenClients.filter(({ name }) => clients.includes(name)))
      expect(expected[name]?.[scenario], name).toBe(1)
  },
)

afterAll(() => {
  if (isUpdating) writeFileSync(file, `${JSON.stringify(expected, null, 2)}\n`)
})
