import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Integration } from '../../src/model/integration.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'
import { rowOf } from '../../tools/detection/cell.ts'
import { heads } from '../../tools/detection/heads.ts'
import { recordedRow } from '../../tools/detection/recorded.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'fixtures', 'clients', 'catalogue')

/** The scenarios made for these clients, and those that ship, by id. */
const files = new Map(
  [join(folder, 'scenarios'), join(root, 'scenarios')].flatMap(place =>
    readdirSync(place, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.yaml'))
      .map(path => {
        const file = join(place, path)
        const { scenario, text } = readScenarioFile(file, { catalogue })
        if (!scenario) throw new Error(`${path} does not parse`)
        return [scenario.id, { file, text, scenario }] as const
      }),
  ),
)

/** A third of them a day; `npm run detection` runs all, and what it found is on record. */
const day = Math.floor(Date.now() / 86_400_000)
const isDue = (i: number) => process.env['FLEET_FULL'] === '1' || (i + day) % 3 === 0
const broken = [...heads.values()]
  .filter(({ file }) => file.startsWith('fixtures/clients/catalogue/'))
  .filter((_, i) => isDue(i))

async function run(name: string, id: string) {
  const found = files.get(id)
  if (!found) throw new Error(`no scenario ${id}`)
  const { default: integration }: { default: Integration } = await import(join(folder, `${name}.ts`))
  return runScenario({ scenario: found.scenario, scenarioText: found.text, file: found.file, integration, seed: 1 })
}

describe('a broken client is caught by its oracle and by no other', () => {
  test.for(broken)(
    '$name in $scenario: $meant',
    { timeout: 120_000 },
    async ({ name, scenario, meant, level, mayAlso }) => {
      const result = await run(name, scenario)

      const found = result.findings.filter(({ oracle }) => oracle === meant)
      expect(found.length).toBeGreaterThan(0)
      for (const { evidence, message, advice } of found) {
        expect(message).toMatch(/\d/)
        expect(evidence.length).toBeGreaterThan(0)
        expect(advice).not.toBe('')
      }
      expect(found.some(({ severity }) => severity === level)).toBe(true)
      const others = result.findings.filter(({ oracle, severity }) => severity === 'fail' && oracle !== meant)
      expect(others.filter(({ oracle }) => !mayAlso.includes(oracle))).toEqual([])
      expect(result.exitCode).toBe(level === 'fail' || others.length > 0 ? 1 : 0)
      expect(rowOf(result), 'docs/detection.md is out of date: npm run detection').toEqual(recordedRow(name))
    },
  )
})

/** What a sound client may be put through: one without a queue gets no jobs, and a workflow needs its tickets. */
const sound: Readonly<Record<string, readonly string[]>> = {
  'careful-steps': ['steps-with-effects'],
  'durable-queue': ['jobs-through-a-crash', 'steps-with-effects', 'down-then-back', 'one-tenant-is-bad'],
  'falls-over-and-back': ['down-then-back', 'one-tenant-is-bad', 'truncated-stream', 'correlated-providers'],
}

describe('a sound one of its kind is not accused of anything', () => {
  const cells = Object.entries(sound).flatMap(([name, ids]) => ids.map(scenario => ({ name, scenario })))

  test.for(cells)('$name in $scenario', async ({ name, scenario }) => {
    const { findings, exitCode, reason } = await run(name, scenario)

    expect(findings).toEqual([])
    expect(exitCode, reason).toBe(0)
  })

  test('every client of the folder is broken or sound', () => {
    const names = readdirSync(folder).flatMap(file => (file.endsWith('.ts') ? [basename(file, '.ts')] : []))
    expect(names.filter(name => !heads.has(name)).toSorted()).toEqual(Object.keys(sound))
  })
})
