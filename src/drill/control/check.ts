import { suggest } from '../../lib/suggest.ts'
import type { Schema } from './schema.ts'
import { schemaPath, schemas } from './schemas.ts'

/** What is wrong with `value`, in words for who sent it; empty when it is as the schema says. */
export function problemsOf(schema: Schema, value: unknown, name = ''): readonly string[] {
  if (schema.$ref !== undefined) return problemsOf(resolved(schema.$ref), value, name)
  const wrong = () => [`${name === '' ? 'The body' : `"${name}"`} must be ${expected(schema)}, not ${said(value)}.`]
  if (schema.anyOf) return schema.anyOf.some(one => problemsOf(one, value, name).length === 0) ? [] : wrong()
  switch (schema.type) {
    case 'object':
      return isObject(value) && isWithin(Object.keys(value).length, schema.minProperties, schema.maxProperties)
        ? keyProblems(schema, value, name)
        : wrong()
    case 'array':
      if (!Array.isArray(value) || !isWithin(value.length, schema.minItems)) return wrong()
      return value.flatMap((item, i) => problemsOf(schema.items ?? {}, item, `${name}[${i}]`))
    case 'string':
      return typeof value === 'string' && isText(schema, value) ? [] : wrong()
    case 'integer':
    case 'number':
      return typeof value === 'number' && isNumber(schema, value) ? [] : wrong()
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong()
    default:
      return []
  }
}

function keyProblems(schema: Schema, value: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const { properties = {}, required = [], additionalProperties } = schema
  const within = (key: string) => (name === '' ? key : `${name}.${key}`)
  const missing = required.filter(key => !Object.hasOwn(value, key))
  const unknown =
    additionalProperties === false ? Object.keys(value).filter(key => !Object.hasOwn(properties, key)) : []
  return [
    ...missing.map(key => `"${within(key)}" is missing: it must be ${expected(properties[key] ?? {})}.`),
    ...unknown.map(key => {
      const near = suggest(key, Object.keys(properties))
      const known = Object.keys(properties).join(', ')
      return `"${within(key)}" is not known${near ? `; did you mean "${near}"?` : known ? `; known are ${known}.` : '.'}`
    }),
    ...Object.entries(properties).flatMap(([key, one]) =>
      Object.hasOwn(value, key) ? problemsOf(one, value[key], within(key)) : [],
    ),
  ]
}

function resolved(ref: string): Schema {
  const found = Object.entries<Schema>(schemas).find(([name]) => ref === schemaPath + name)
  return found?.[1] ?? {}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText({ enum: choices, pattern, minLength, maxLength }: Schema, value: string): boolean {
  if (choices && !choices.includes(value)) return false
  return isWithin(value.length, minLength, maxLength) && (pattern === undefined || new RegExp(pattern, 'u').test(value))
}

function isNumber({ type, minimum, maximum, exclusiveMinimum }: Schema, value: number): boolean {
  if (type === 'integer' && !Number.isInteger(value)) return false
  return isWithin(value, minimum, maximum) && (exclusiveMinimum === undefined || value > exclusiveMinimum)
}

function isWithin(value: number, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): boolean {
  return value >= least && value <= most
}

/** `a whole number from 0`, `one of call, user`. */
function expected(schema: Schema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  const from = schema.minimum === undefined ? '' : ` from ${schema.minimum}`
  switch (schema.type) {
    case 'object':
      return 'an object'
    case 'array':
      return 'a list'
    case 'string':
      if (schema.maxLength === undefined) return schema.minLength ? 'a text that is not empty' : 'a text'
      return `a text of ${schema.minLength ? `${schema.minLength} to` : 'at most'} ${schema.maxLength} characters`
    case 'integer':
      return `a whole number${from}`
    case 'number':
      return `a number${from}`
    case 'boolean':
      return 'true or false'
    default:
      return 'something else'
  }
}

function said(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `a text of ${value.length} characters` : JSON.stringify(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return isObject(value) ? 'an object' : String(value)
}
