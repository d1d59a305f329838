import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Integration } from '../../src/model/integration.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'

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

interface Client {
  readonly name: string
  /** Absent in a sound one. */
  readonly scenario: string | undefined
  readonly fails: string | undefined
  readonly warns: string | undefined
  readonly mayAlso: readonly string[]
}

const clients: readonly Client[] = readdirSync(folder)
  .filter(file => file.endsWith('.ts'))
  .toSorted()
  .map(file => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n')
    const value = (key: string) =>
      lines
        .find(line => line.startsWith(`// ${key}:`))
        ?.slice(`// ${key}:`.length)
        .trim()
    return {
      name: basename(file, '.ts'),
      ...{ scenario: value('scenario'), fails: value('fails'), warns: value('warns') },
      mayAlso: value('may-also')?.split(/\s+/).filter(Boolean) ?? [],
    }
  })

async function run(name: string, id: string) {
  const found = files.get(id)
  if (!found) throw new Error(`no scenario ${id}`)
  const { default: integration }: { default: Integration } = await import(join(folder, `${name}.ts`))
  return runScenario({ scenario: found.scenario, scenarioText: found.text, file: found.file, integration, seed: 1 })
}

const broken = clients.filter(({ scenario }) => scenario !== undefined)

describe('a broken client is caught by its oracle and by no other', () => {
  test.for(broken)('$name in $scenario: $fails $warns', async ({ name, scenario = '', fails, warns, mayAlso }) => {
    const { findings, exitCode } = await run(name, scenario)

    const meant = fails ?? warns
    const found = findings.filter(({ oracle }) => oracle === meant)
    expect(found.length).toBeGreaterThan(0)
    for (const { evidence, message, advice } of found) {
      expect(message).toMatch(/\d/)
      expect(evidence.length).toBeGreaterThan(0)
      expect(advice).not.toBe('')
    }
    const level = fails === undefined ? 'warn' : 'fail'
    expect(found.every(({ severity }) => severity === level)).toBe(true)
    const others = findings.filter(({ oracle, severity }) => severity === 'fail' && oracle !== meant)
    expect(others.filter(({ oracle }) => !mayAlso.includes(oracle))).toEqual([])
    expect(exitCode).toBe(fails === undefined ? 0 : 1)
  })
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
    expect(clients.filter(client => client.scenario === undefined).map(({ name }) => name)).toEqual(Object.keys(sound))
  })
})
