import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readArguments } from '../../../../src/cli/args.ts'
import { drill } from '../../../../src/cli/commands/drill.ts'
import { readDrillFlags } from '../../../../src/cli/drill/request.ts'
import { itsScenario, resumeOf } from '../../../../src/cli/drill/resumed.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { noConfig } from '../../../../src/run/config/load-config.ts'
import { version } from '../../../../src/run/version.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'resumed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text =
  'blackstart: 1\nid: day\nphases: [{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }]\n'
const path = join(folder, 'day.jsonl')
const lines = [
  {
    ...{ type: 'run-started', t: -60_000, version: 1, blackstart: version, scenario: text, scenarioId: 'day', seed: 3 },
    ...{ engine: 'loopback', client: 'none', versions: {}, workload: {} },
  },
  { type: 'phase-entered', t: 0, phase: 'down' },
]
writeFileSync(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''))

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UsageError) return error.message.replaceAll(`${folder}/`, '')
    throw error
  }
  return 'it goes on'
}

function named(text: string) {
  const { scenario, positions } = parseScenario(text, { catalogue })
  if (!scenario) throw new Error('The scenario of this test is not valid.')
  return { target: { spec: './day.yaml', path: '/day.yaml' }, scenario, text, file: 'day.yaml', positions }
}

test('what the journal says cannot be said anew, and the scenario need not be', () => {
  const twice = readArguments(drill, ['--resume', path, '--seed', '4', '--speed', '2'])

  expect(refusal(() => resumeOf(twice))).toBe('--resume goes on as it began: --seed, --speed cannot be given anew.')
  expect(readDrillFlags(readArguments(drill, ['--resume', path])).scenario).toBeUndefined()
})

test('a scenario that is named beside it must be the one of the journal, to the letter', () => {
  const resume = resumeOf(readArguments(drill, ['--resume', path]))
  if (!resume) throw new Error('It was not read.')

  expect(itsScenario(resume, named(text), noConfig)).toMatchObject({ file: 'day.yaml' })
  expect(itsScenario(resume, undefined, noConfig)).toMatchObject({ text, target: { spec: 'SCENARIO' } })
  expect(refusal(() => itsScenario(resume, named(text.replace('5m', '6m')), noConfig))).toBe(
    'day.jsonl is not of that scenario: it has day as it was then.',
  )
})
