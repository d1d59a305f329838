import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { failedOracles, runPair } from '../support/fleet.ts'
import { seriesOf, stormClients, stormPicture, stormScenario, triggerOf } from '../support/storm-picture.ts'

const file = resolve(import.meta.dirname, '../../docs/images/metastable-storm.svg')
const binsAMinute = 2
const results = new Map<string, RunResult>()

beforeAll(async () => {
  for (const client of Object.keys(stormClients)) results.set(client, await runPair(client, stormScenario))
}, 120_000)

function resultOf(client: string): RunResult {
  const result = results.get(client)
  if (!result) throw new Error(`no run of ${client}`)
  return result
}

/** Attempts and good answers per second, averaged over these minutes. */
function ratesOf(client: string, fromMinute: number, toMinute: number) {
  const { offered, goodput } = seriesOf(resultOf(client).journal, toMinute * 60_000)
  const average = (values: readonly number[]) => {
    const part = values.slice(fromMinute * binsAMinute, toMinute * binsAMinute)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  }
  return { offered: average(offered), goodput: average(goodput) }
}

const healedMinute = 6
const lastMinute = 21

test('the trigger is over after six minutes, and fifteen more are looked at', () => {
  const { plan } = resultOf('resilient')

  expect(triggerOf(plan)).toEqual({ startMs: 2 * 60_000, endMs: healedMinute * 60_000 })
  expect(plan.lengthMs + plan.tailMs).toBeGreaterThanOrEqual(lastMinute * 60_000)
})

test('before the trigger both clients do the same, and are served', () => {
  for (const client of ['resilient', 'retries-everything-ten-times'])
    expect(ratesOf(client, 0, 2).goodput, client).toBeGreaterThan(1)
})

describe('long after the trigger', () => {
  test('a storming client has brought its load on itself, and gets nothing', () => {
    const { offered, goodput } = ratesOf('retries-everything-ten-times', healedMinute + 1, lastMinute)

    expect(offered).toBeGreaterThan(6)
    expect(goodput).toBeLessThan(0.01)
    const { exitCode } = resultOf('retries-everything-ten-times')
    expect(exitCode).toBe(1)
    expect(failedOracles(resultOf('retries-everything-ten-times'))).toContain('recovers')
  })

  test('a polite one has its answers back within a minute or two', () => {
    const { offered, goodput } = ratesOf('resilient', healedMinute + 2, lastMinute)

    expect(offered).toBeLessThan(1.6)
    expect(goodput).toBeGreaterThan(1.2)
    expect(resultOf('resilient').exitCode).toBe(0)
  })

  test('the retries of the SDK alone make the outage last twice as long, and then let it end', () => {
    expect(ratesOf('bare-sdk', healedMinute, healedMinute + 3).goodput).toBeLessThan(0.1)
    expect(ratesOf('bare-sdk', healedMinute + 6, lastMinute).goodput).toBeGreaterThan(1.2)
  })
})

test('the journal says who was turned away by what, and who waited how long', () => {
  const startsOf = (client: string) => resultOf(client).journal.filter(event => event.type === 'attempt-started')
  const rejected = startsOf('bare-sdk').filter(({ effect }) => effect === 'rejected')

  expect(new Set(rejected.map(({ entry }) => entry))).toEqual(new Set(['phases[2].capacity[0]', 'capacity[0]']))
  const waits = startsOf('resilient').flatMap(({ waitMs }) => (waitMs === undefined ? [] : [waitMs]))
  expect(waits.length).toBeGreaterThan(100)
  expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
  expect(waits.every(wait => Number.isInteger(wait) && wait > 0)).toBe(true)
})

test('the picture in the docs is of these runs', () => {
  const panels = Object.entries(stormClients).map(([client, title]) => ({ title, result: resultOf(client) }))
  const picture = stormPicture(panels)
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, picture)

  expect(readFileSync(file, 'utf8') === picture, 'it is out of date: npm run docs').toBe(true)
})
