import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patternValue } from '../../../src/providers/pattern-value.ts'
import { schemaValue } from '../../../src/providers/schema-value.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false })

test.each([
  [{ const: 7 }, 7],
  [{ enum: ['b', 'a'] }, 'b'],
  [{ type: 'string', default: 'x' }, 'x'],
  [{ type: 'string', examples: ['y', 'z'] }, 'y'],
  [{ type: 'boolean' }, true],
  [{ type: 'null' }, null],
  [{ type: ['null', 'integer'] }, 1],
  [{ type: 'integer', minimum: 5 }, 5],
  [{ type: 'integer', exclusiveMinimum: 5, multipleOf: 4 }, 8],
  [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
  [{ type: 'number', maximum: -3 }, -3],
  [{ type: 'string', minLength: 9 }, 'text text'],
  [{ type: 'string', maxLength: 2 }, 'te'],
  [{ type: 'string', format: 'date' }, '2026-03-02'],
  [{ type: 'array', items: { type: 'integer' } }, []],
  [{ type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 2, uniqueItems: true }, ['a', 'b']],
  [{ type: 'array', prefixItems: [{ const: 1 }, { type: 'string' }] }, [1, 'text']],
  [{ type: 'object', properties: { a: { type: 'string' }, b: { const: 2 } }, required: ['b'] }, { b: 2 }],
  [{ type: 'object', required: ['free'] }, { free: 'text' }],
  [{ type: 'object', properties: { a: { const: 1 } }, minProperties: 1 }, { a: 1 }],
  [{ anyOf: [{ type: 'null' }, { type: 'boolean' }] }, true],
  [{ allOf: [{ required: ['a'] }, { properties: { a: { const: 1 } } }], type: 'object' }, { a: 1 }],
  [{ $ref: '#/$defs/order', $defs: { order: { type: 'string', pattern: '^ORD-\\d{4}$' } } }, 'ORD-1111'],
])('%j gives %j, which is valid', (schema, expected) => {
  const made = schemaValue(schema)

  expect(made).toEqual(expected)
  expect(ajv.validate(schema, made)).toBe(true)
})

test('a schema that needs itself ends', () => {
  const tree = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }

  expect(JSON.stringify(schemaValue(tree)).length).toBeLessThan(1_000)
})

const leaf = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(12) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.nat(12) }),
  fc.record({ type: fc.constant('integer'), minimum: fc.integer({ min: -50, max: 50 }) }),
  fc.record({
    type: fc.constant('integer'),
    maximum: fc.integer({ min: -50, max: 50 }),
    multipleOf: fc.integer({ min: 1, max: 9 }),
  }),
  fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })).map(([from, span]) => ({
    type: 'number',
    exclusiveMinimum: from,
    maximum: from + span,
  })),
  fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 3 }) }),
  fc.constantFrom({ type: 'boolean' }, { type: ['null', 'string'] }, { const: 'c' }, true),
)

const { schema } = fc.letrec(tie => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('schema'), { maxKeys: 4 }).map(properties => ({
      type: 'object',
      properties,
      required: Object.keys(properties).slice(0, 2),
      additionalProperties: false,
    })),
  ),
}))

test('what is made for a schema is valid for it', () => {
  fc.assert(
    fc.property(schema, made => {
      if (typeof made !== 'object' && typeof made !== 'boolean') throw new Error('The arbitrary makes schemas')
      expect(ajv.validate(made ?? true, schemaValue(made))).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test.each([
  '^[A-Z]{2,3}-\\d+$',
  '^(foo|bar)_[^a-z]\\w*x?$',
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$',
  'a|b',
  '^#[0-9a-fA-F]{6}$',
  '^\\+?[1-9]\\d{1,14}$',
  '^(?:[a-z0-9-]+\\.)+[a-z]{2,}$',
])('the text for %s matches it, also when it has to be longer', pattern => {
  expect(patternValue(pattern)).toMatch(new RegExp(pattern))
  expect(patternValue(pattern, 5)).toMatch(new RegExp(pattern))
})

const constraints = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 12, maxLength: 20, description: 'Where to: by name' },
    days: { type: 'integer', minimum: 2, maximum: 5, multipleOf: 2 },
    code: { type: 'string', pattern: '^[a-z]; max: \\d{2}$' },
    pair: { type: 'array', items: { enum: [1, 2, 3] }, minItems: 2, maxItems: 2, uniqueItems: true },
    mail: { type: 'string', format: 'email', pattern: '^(?!\\.)[a-z.]+@[a-z]+\\.com$' },
  },
  required: ['city', 'days', 'code', 'pair', 'mail'],
}

test.each([
  ['as it is', constraints],
  [
    'by the Vercel AI SDK',
    told(words => `${words.map(([name, value]) => `${apart(name)}: ${plain(value)}`).join('; ')}.`),
  ],
  [
    'by the Anthropic SDK',
    told(words => `{${words.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}}`),
  ],
])('what a schema constrains is kept, told %s', (_, schema) => {
  expect(ajv.validate(constraints, schemaValue(schema))).toBe(true)
})

/** The same schema with its constraints moved into descriptions, after what they say themselves. */
function told(spell: (words: [string, unknown][]) => string) {
  const properties = Object.entries(constraints.properties).map(([name, property]) => {
    const { type, items, description, ...words } = property as Record<string, unknown> // each has some of them
    const said = [description, spell(Object.entries(words))].filter(text => text !== undefined).join('\n\n')
    return [name, { type, ...(items !== undefined && { items }), description: said }]
  })
  return { ...constraints, properties: Object.fromEntries(properties) }
}

function apart(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
