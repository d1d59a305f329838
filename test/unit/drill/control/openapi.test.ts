import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { openApi } from '../../../../src/drill/control/openapi.ts'
import { Asking } from './asking.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly requestBody?: { readonly content: Contents }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Contents } | { $ref: string }>
  >
}

type Contents = Readonly<Record<string, { readonly schema: object }>>

interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Contents }>>
  }
}

const document = openApi() as unknown as Document // what this file holds it to
const operations = Object.values(document.paths).flatMap(path => Object.values(path))

test('docs/control-api.openapi.json is the document of the present API', () => {
  const file = resolve(import.meta.dirname, '../../../../docs/control-api.openapi.json')
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, text)

  expect(readFileSync(file, 'utf8') === text, 'it is out of date: npm run docs, or UPDATE_FIXTURES=1 npm test').toBe(
    true,
  )
})

test('whoever asks gets it without the token', async () => {
  await using api = await Asking.open()

  const { status, json } = await api.get('/v1/openapi.json', { headers: { authorization: undefined } })

  expect(status).toBe(200)
  expect(json).toEqual(document)
})

test('it has the form of OpenAPI 3.1', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document).toSorted()).toEqual(
    ['openapi', 'info', 'jsonSchemaDialect', 'servers', 'security', 'paths', 'components'].toSorted(),
  )
  expect(Object.keys(document.paths).every(path => path.startsWith('/v1/'))).toBe(true)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { responses, parameters = [], summary } of operations) {
    expect(summary).toMatch(/\.$/)
    expect(Object.keys(responses).every(status => /^[2-5]\d\d$/.test(status))).toBe(true)
    expect(Object.values(responses).every(one => '$ref' in one || one.description.length > 0)).toBe(true)
    expect(parameters.every(one => one.in === 'query' && one.name.length > 0)).toBe(true)
  }
})

test('every schema in it is one of JSON Schema 2020-12, and every reference leads somewhere', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false, strictRequired: false })
  // In a document of OpenAPI, schemas stand among other things, which are none of JSON Schema's.
  for (const word of ['openapi', 'info', 'jsonSchemaDialect', 'servers', 'security', 'paths', 'components'])
    ajv.addKeyword(word)
  ajv.addSchema({ ...document, $id: 'document:' })
  const contents = (content: Contents = {}) => Object.values(content).map(({ schema }) => schema)
  const all = [
    ...Object.values(document.components.schemas),
    ...Object.values(document.components.responses).flatMap(({ content }) => contents(content)),
    ...operations.flatMap(({ parameters = [], requestBody, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...contents(requestBody?.content),
      ...Object.values(responses).flatMap(one => ('$ref' in one ? [] : contents(one.content))),
    ]),
  ]
  const placed = JSON.parse(JSON.stringify(all).replaceAll('"#/', '"document:#/')) as object[] // as they were
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)]

  expect(all.length).toBeGreaterThan(25)
  for (const schema of placed) expect(() => ajv.compile(schema)).not.toThrow()
  expect(refs.length).toBeGreaterThan(40)
  for (const [, kind, name] of refs)
    expect(Object.keys(document.components[kind === 'responses' ? 'responses' : 'schemas'])).toContain(name)
})

test('all but the document itself want the token', () => {
  expect(operations.filter(({ security }) => security?.length === 0).map(({ operationId }) => operationId)).toEqual([
    'openapi',
  ])
})
