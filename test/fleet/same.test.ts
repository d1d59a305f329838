import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { clients, runPair, scenarios } from '../support/fleet.ts'

const part = 1 / 6
const ids = [...scenarios.keys()]
// Each client once, and with it each scenario twice.
const pairs = clients.map((client, i) => ({ client, scenario: ids[i % ids.length] ?? '' }))
const run = promisify(execFile)
const cell = resolve(import.meta.dirname, '../support/fleet-cell.ts')

describe('the same pair and seed give the same journal', () => {
  test.for(pairs)('$client in $scenario, twice in one process', async ({ client, scenario }) => {
    const first = await runPair(client, scenario, { part })
    const second = await runPair(client, scenario, { part })
    expect(second.journalHash).toBe(first.journalHash)
    expect(first.realIo).toBe(false)
  })

  test.for([
    { client: 'bare-sdk', scenario: 'global-down' },
    { client: 'resilient', scenario: 'chat-before-api' },
    { client: 'tool-agent', scenario: 'stream-error-in-200' },
    { client: 'patient-worker', scenario: 'rate-limited-recovery' },
  ])('$client in $scenario, in two processes', async ({ client, scenario }) => {
    const here = await runPair(client, scenario, { part })
    const there = await run(process.execPath, [cell, client, scenario, String(part)])
    expect(there.stdout).toBe(here.journalHash)
  })

  test('another seed gives another journal', async () => {
    const one = await runPair('fail-fast', 'global-down', { part, seed: 1 })
    const two = await runPair('fail-fast', 'global-down', { part, seed: 2 })
    expect(two.journalHash).not.toBe(one.journalHash)
  })
})
