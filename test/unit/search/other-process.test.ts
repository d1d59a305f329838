import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadClient } from '../../../src/run/load-client.ts'
import { runCampaign } from '../../../src/search/campaign.ts'
import { cli } from '../../support/cli.ts'

const corpus = mkdtempSync(join(tmpdir(), 'corpus-'))
afterAll(() => rmSync(corpus, { recursive: true, force: true }))

const path = 'fixtures/clients/catalogue/queue-in-memory.ts'

test('what a search found in modules used over and over is the same, to the byte, in a process of its own', async () => {
  const client = await loadClient(path)
  const { integration, another } = client
  const { counterexamples } = await runCampaign({ integration, another, corpus, runs: 200, findingsAtMost: 1 })
  await client.close()
  const [found] = counterexamples
  expect(found).toMatchObject({ oracle: 'none-lost', confirmed: true })
  // Only a crash or a restart loses what is kept in memory.
  expect(found?.scenario.events).toHaveLength(1)
  expect(found?.diverged).toBeUndefined()

  const { stdout, code } = await cli(['run', found?.file ?? '', '--client', path, '--report', 'json'])
  const report = JSON.parse(stdout)
  expect(code).toBe(1)
  expect(report).toMatchObject({ verdict: 'fail', journalHash: found?.journalHash })
}, 120_000)
