import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/run/catalogue.ts'
import { scenarioSchema } from '../../src/scenario/index.ts'

test('scenario.schema.json is the schema of the present format', () => {
  const file = resolve(import.meta.dirname, '../../scenario.schema.json')
  const schema = `${JSON.stringify(scenarioSchema(catalogue), null, 2)}\n`
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, schema)

  expect(readFileSync(file, 'utf8') === schema, 'it is out of date: npm run build, or UPDATE_FIXTURES=1 npm test').toBe(
    true,
  )
})
