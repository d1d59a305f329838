import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.ts'
import { loadSound, type SoundClient, soundFleet } from '../../tools/detection/sound-clients.ts'
import { runCell } from '../../tools/detection/soundness-runs.ts'
import { scenarios } from '../support/fleet.ts'

// `npm run detection -- --soundness` runs a thousand.
const outages = Number(process.env['SOUNDNESS_RUNS'] ?? 3)
const fleet = [...soundFleet.values()]
const ids = [...scenarios.keys()]
/** Short ones, for those that do real I/O in virtual hours. */
const shortIds = ['flapping', 'lost-responses', 'stream-error-in-200', 'truncated-stream']

/** Few enough that all of them take seconds; a limit that only many users meet is met in the thousand. */
const usersAtMost = 6
const slowUsersAtMost = 2
// A database that starts anew in each run takes seconds: it is run in the scenario alone.
const fast = fleet.filter(({ isSlow }) => !isSlow)

// Libraries that say on the console what goes wrong.
beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterAll(() => void vi.restoreAllMocks())

/** A scenario with what the client assumes where it says nothing. */
async function runShipped(client: SoundClient, id: string) {
  const shipped = scenarios.get(id)
  if (!shipped) throw new Error(`no scenario ${id}`)
  const integration = await loadSound(client)
  const { surfaces, workload } = integration.assumes ?? {}
  const scenario = {
    ...shipped.scenario,
    ...(surfaces && { surfaces: { ...surfaces, ...shipped.scenario.surfaces } }),
    ...(workload && { workload: { ...workload, ...shipped.scenario.workload } }),
  }
  return runScenario({ scenario, integration, seed: 1, users: client.isSlow ? slowUsersAtMost : usersAtMost })
}

test('there are at least twelve sound clients, no two of one style', () => {
  const styles = fleet.map(({ style }) => style)

  expect(fleet.length).toBeGreaterThanOrEqual(12)
  expect(new Set(styles).size).toBe(styles.length)
})

describe('a sound client is accused of nothing', () => {
  // Each client another scenario, and each day another day's: all pairs come round in two weeks.
  const day = Math.floor(Date.now() / 86_400_000)
  const cells = fleet.map((client, i) => {
    const all = client.isSlow ? shortIds : ids
    return { client, name: client.name, id: all[(i + day) % all.length] ?? '' }
  })

  test.for(cells)('$name in $id', { timeout: 180_000 }, async ({ client, id }) => {
    const { findings, exitCode, reason } = await runShipped(client, id)

    expect(findings.filter(({ severity }) => severity === 'fail')).toEqual([])
    expect([0, 6], reason).toContain(exitCode)
  })

  test.for(fast)('$name in generated outages', { timeout: 180_000 }, async client => {
    const { accusations, runs } = await runCell({ client, from: 1, to: 1 + outages, attempts: 60 })

    expect(accusations.map(({ outage, oracle, message }) => `${outage} ${oracle}: ${message}`)).toEqual([])
    expect(runs).toBe(outages)
  })
})
