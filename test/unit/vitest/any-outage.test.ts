import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseScenario } from 'blackstart'
import { test } from 'blackstart/vitest'
import { afterAll, expect } from 'vitest'
import { broken, hanging, patient, quarter, sound } from './clients.ts'

const corpus = mkdtempSync(join(tmpdir(), 'blackstart-corpus-'))
afterAll(() => rmSync(corpus, { recursive: true }))
const said = (assertion: Promise<void>) =>
  assertion.then(
    () => 'it held',
    error => String(error.message),
  )

test('a sound client survives a few outages, the same every time', async () => {
  await expect(sound).toSurviveAnyOutage({ base: quarter, runs: 2, corpus: false })
})

test('what breaks it is told as the smallest YAML, written down, and fails again at once', {
  timeout: 120_000,
}, async () => {
  const text = await said(expect(patient).toSurviveAnyOutage({ base: hanging, runs: 30, corpus }))

  const [file = ''] = readdirSync(corpus)
  expect(text).toMatch(/^patient did not survive an outage that was found in \d+ \(seed 1\)\.\n\n✗ settles\n {2}\d+ of/)
  expect(text).toContain(`written to ${join(corpus, file)}: npx blackstart replay ${join(corpus, file)}`)
  const yaml = readFileSync(join(corpus, file), 'utf8')
  expect(text).toContain(yaml.trimEnd())
  expect(parseScenario(yaml).scenario?.found).toMatchObject({ oracle: 'settles', verdict: 'fail' })

  const again = await said(expect(patient).toSurviveAnyOutage({ base: hanging, runs: 1, corpus }))
  expect(again).toContain('patient does not survive an outage that was found before')
})

test('a client that does not work is not searched', async () => {
  expect(await said(expect(broken).toSurviveAnyOutage({ base: quarter, runs: 1, corpus: false }))).toContain(
    'so nothing is shown',
  )
})

test('the opposite cannot be shown', async () => {
  expect(await said(expect(sound).not.toSurviveAnyOutage())).toContain('await expect(client).not.toSurvive(scenario)')
})
