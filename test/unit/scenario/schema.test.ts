import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import {
  type Catalogue,
  type DiagnosticCode,
  parseScenario,
  printScenario,
  scenarioSchema,
} from '../../../src/scenario/index.ts'
import { catalogue, toyCatalogue } from './support/catalogue.ts'
import { chatBeforeApi } from './support/chat-before-api.ts'
import { scenarioArbitrary } from './support/scenario-arbitrary.ts'

const compile = (catalogue: Catalogue) =>
  new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(scenarioSchema(catalogue))
const validate = compile(catalogue)

/** What a schema can see: the shape of one value after the other. */
const shapeCodes: ReadonlySet<DiagnosticCode> = new Set([
  'unknown-key',
  'missing-key',
  'conflicting-keys',
  'wrong-type',
  'unsupported-version',
  'bad-choice',
  'bad-duration',
  'bad-share',
  'bad-rate',
  'bad-number',
  'bad-factor',
  'bad-instant',
  'bad-cut-point',
  'bad-name',
  'bad-length',
  'unknown-fault',
  'unknown-oracle',
] as const)

describe('the JSON Schema', () => {
  test('accepts the example of the format', () => {
    expect(validate(parseYaml(chatBeforeApi))).toBe(true)
  })

  const files = readdirSync('fixtures/invalid').filter(name => name.endsWith('.yaml'))
  const readable = files.flatMap(name => {
    const text = readFileSync(`fixtures/invalid/${name}`, 'utf8')
    try {
      return [[name, text, parseYaml(text, { merge: true, logLevel: 'error' })] as const]
    } catch {
      return [] // Not YAML: nothing for a schema to look at.
    }
  })

  test.each(readable)('and the parser agree about %s', (_name, text, value) => {
    const { diagnostics } = parseScenario(text, { catalogue })
    const wrongShape = diagnostics.some(({ code }) => shapeCodes.has(code))
    const rejected = !validate(value)

    // The schema never rejects what the parser takes, and sees every fault of shape.
    if (wrongShape) expect(rejected).toBe(true)
    if (rejected) expect(diagnostics).not.toEqual([])
  })

  test('and the parser agree about each value of each kind of parameter', () => {
    const validateToy = compile(toyCatalogue)
    const values = {
      delay: ['5s', '1m30s', '0.5s', '5', 5, 'soon', '', '5 s', null],
      part: ['50%', '0%', '100%', '100.0%', '12.5%', '101%', '-1%', 0, 1, 0.5, 1.5, '0.5', '%'],
      count: [0, 10, 11, -1, 1.5, '3', true],
      ratio: [0.5, -3, 'x', [1]],
      loud: [true, false, 'yes', 1],
      words: ['', 'a text', 3, { a: 1 }],
      how: ['fin', 'rst', 'FIN', 1],
      after: [
        '3 events',
        '1 event',
        '1 byte',
        '120 bytes',
        '5s',
        'inside frame',
        'inside code-point',
        '3',
        'inside tool',
        3,
      ],
      headers: [{}, { 'retry-after': '3' }, { a: 1 }, 'a: b'],
      where: ['api', ['api', 'chat'], [], 3, [3]],
    }
    for (const [name, candidates] of Object.entries(values))
      for (const value of candidates) {
        const document = (fault: unknown) => ({
          blackstart: 1,
          id: 'x',
          phases: [{ name: 'a', for: '1m', faults: [{ surface: 'api', fault }] }],
        })
        const whole = document({ everything: { [name]: value } })
        const parsed = parseScenario(JSON.stringify(whole), { catalogue: toyCatalogue })
        expect([name, value, validateToy(whole)]).toEqual([name, value, parsed.diagnostics.length === 0])
      }
  })

  test('accepts whatever the printer writes', () => {
    const validateToy = compile(toyCatalogue)
    fc.assert(
      fc.property(scenarioArbitrary, scenario => {
        validateToy(parseYaml(printScenario(scenario, toyCatalogue)))
        expect(validateToy.errors).toBeNull()
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  test('tells an editor about every key, fault and parameter', () => {
    const text = JSON.stringify(scenarioSchema(catalogue))

    for (const { id, says, params } of catalogue.faults.values()) {
      expect(text).toContain(JSON.stringify(id))
      expect(text).toContain(JSON.stringify(says))
      for (const { says } of Object.values(params)) expect(text).toContain(JSON.stringify(says))
    }
    expect(text).toContain('"examples":["chat","console","login"')
    expect(text).toContain('"default":"15s"')
  })
})
