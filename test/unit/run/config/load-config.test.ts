import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../../../../src/lib/errors.ts'
import { loadConfig, noConfig } from '../../../../src/run/config/load-config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blackstart-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

async function refusal(flag?: string): Promise<string> {
  const error = await loadConfig(folder, flag).catch(caught => caught)
  expect(error).toBeInstanceOf(UsageError)
  return [error.message, error.hint].filter(Boolean).join('\n').replaceAll(folder, 'FOLDER')
}

test('a config is found from a folder below, and its words become a scenario’s units', async () => {
  write(
    'blackstart.config.ts',
    `export default {
      client: './src/client.ts',
      users: 4,
      workload: { think: '1m30s', streaming: '25%', arrivals: '6/m' },
      steady_state: { for: '1m', at_least: '90%' },
      stop_when: [{ outcome: 'failed', above: '50%', over: '2m' }],
      thresholds: { settles: { within: '90s' }, fairness: 'off' },
      scenarios: ['global-down', './outages'],
      answers: './answers.yaml',
    }`,
  )
  const below = join(folder, 'packages', 'bot')
  mkdirSync(below, { recursive: true })

  const { path: _path, ...config } = await loadConfig(below)

  expect(config).toEqual({
    ...noConfig,
    client: join(folder, 'src/client.ts'),
    workload: { users: 4, think: 90_000, streaming: 0.25, arrivals: 6 },
    steady_state: { for: 60_000, at_least: 0.9 },
    stop_when: [{ outcome: 'failed', above: 0.5, over: 120_000 }],
    thresholds: { settles: { within: 90_000 }, fairness: 'off' },
    scenarios: ['global-down', join(folder, 'outages')],
    answers: join(folder, 'answers.yaml'),
  })
})

test('no config is needed, and one that is there need not be heeded', async () => {
  write('blackstart.config.json', '{ "users": 4 }')

  expect(await loadConfig(folder, false)).toBe(noConfig)
  expect((await loadConfig(folder)).workload).toEqual({ users: 4 })
})

test('CommonJS and a named file are read too', async () => {
  write('other.cjs', 'module.exports = { seed: 7 }')

  expect((await loadConfig(folder, 'other.cjs')).seed).toBe(7)
})

test('all that is wrong is told at once, with what was meant', async () => {
  write(
    'blackstart.config.mjs',
    `export default {
      cleint: 'x',
      users: '4',
      workload: { think: 'soon', streaming: 50, user: 3 },
      thresholds: { setles: {}, settles: { withn: '1s' } },
      addresses: { antropic: 'https://gateway.example' },
      accepted: [{ oracle: 'settled', until: '2026-02-30' }],
      stop_when: () => [],
      faults: {},
      oracles: [{ id: 'x' }],
    }`,
  )

  expect(await refusal()).toMatchInlineSnapshot(`
    "Failed to load config "blackstart.config.mjs": 14 problems.
      faults: This is no list.
        Write [defineFault({ … })].
      oracles[0]: This is not what defineOracle returns.
        Write defineOracle({ … }).
      stop_when: This is a function, which is no plain value.
        Write text, numbers, lists and maps.
      cleint: Unknown key "cleint" in the config.
        Did you mean "client"?
      users: Expected a whole number of at least 1, found the text "4".
        Remove the quotes.
      workload.think: Expected a duration such as 90s or 1h30m, found the text "soon".
        The units are d, h, m, s and ms, without spaces.
      workload.streaming: Expected a share such as 50% or 0.5, found the number 50.
        Write 50% or 0.5.
      workload.user: Unknown key "user" in the workload.
        Did you mean "users"?
      thresholds.setles: There is no oracle "setles".
        Did you mean "settles"?
      thresholds.settles.withn: Unknown key "withn" in the parameters of "settles".
        Did you mean "within"?
      addresses.antropic: There is no provider "antropic" to give an address.
        Did you mean "anthropic"?
      accepted[0].oracle: There is no oracle "settled".
        Did you mean "settles"?
      accepted[0].until: There is no day 2026-02-30.
      accepted[0]: The key "reason" is missing from an accepted finding.
        reason: Why it is accepted, in words."
  `)
})

test('its own faults and oracles are its additions, and thresholds know them', async () => {
  write(
    'blackstart.config.mjs',
    `const oracle = {
      id: 'polite', code: 'U1', says: 'It says please.', kind: 'safety', byDefault: true,
      params: { at_least: { kind: 'number', says: 'how often', default: 1 } },
      judge: () => ({ examined: 1, findings: [] }),
    }
    const fault = { id: 'slow-lunch', says: 'Lunch.', params: {}, effect: () => ({ type: 'pass' }) }
    export default { oracles: [oracle], faults: [fault], thresholds: { polite: { at_least: 3 } } }`,
  )

  const config = await loadConfig(folder)

  expect(config.additions.oracles?.map(({ id }) => id)).toEqual(['polite'])
  expect(config.additions.faults?.map(({ id }) => id)).toEqual(['slow-lunch'])
  expect(config.thresholds).toEqual({ polite: { at_least: 3 } })
})

test.for([
  ['blackstart.config.js', 'export const config = {}', 'it has no default export'],
  ['blackstart.config.ts', 'export default {', 'blackstart.config.ts:1:'],
  ['blackstart.config.ts', `import './gone.ts'\nexport default {}`, 'cannot find "./gone.ts"'],
  ['blackstart.config.ts', `throw new Error('no key')`, 'threw while it was imported: Error: no key'],
  ['blackstart.config.json', '{ "users": 4, }', 'It is to be JSON, without comments.'],
  ['blackstart.config.ts', 'export default [1]', 'Expected the config, found a list.'],
] as const)('%s with %j is refused: %s', async ([name, text, says]) => {
  write('package.json', '{ "type": "module" }')
  write(name, text)

  const message = await refusal()
  expect(message).toContain('Failed to load config "blackstart.config.')
  expect(message).toContain(says)
})

test('two configs in one folder are one too many, and a named one must be there', async () => {
  write('blackstart.config.ts', '')
  write('blackstart.config.json', '{}')

  expect(await refusal()).toBe('There are two configs: blackstart.config.ts and blackstart.config.json.\nKeep one.')
  expect(await refusal('gone.ts')).toContain('there is no such file')
})
