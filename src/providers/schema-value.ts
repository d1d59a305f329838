import { withDescribed } from './described.ts'
import { asArray, asText, isRecord, type JsonRecord } from './json.ts'
import { patternValue } from './pattern-value.ts'

/** Where the text of unconstrained strings comes from. */
export type Words = () => string

/**
 * A value that is valid for a JSON Schema (2020-12, the parts that tools and structured outputs use): constants,
 * defaults, examples and first enum members as given, else the least that the constraints allow. Optional properties
 * are left out. `not`, `if` and `dependent…` are not read; constraints that only a description tells are.
 */
export function schemaValue(schema: unknown, words: Words = () => 'text'): unknown {
  return value(schema, { root: schema, words, depth: 0 })
}

interface Context {
  readonly root: unknown
  readonly words: Words
  /** Guards against schemas that require themselves. */
  readonly depth: number
}

function value(given: unknown, context: Context): unknown {
  if (!isRecord(given) || context.depth > 24) return given === true || given === undefined ? {} : null
  const schema = withDescribed(given)
  const deeper = { ...context, depth: context.depth + 1 }
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0]
  if ('default' in schema) return schema['default']
  if (Array.isArray(schema['examples']) && schema['examples'].length > 0) return schema['examples'][0]
  const ref = asText(schema['$ref'])
  if (ref !== undefined) return value(merge(omit(schema, '$ref'), resolve(ref, context.root)), deeper)
  if (Array.isArray(schema['allOf']))
    return value(
      schema['allOf'].reduce((all, part) => merge(all, dereferenced(part, context)), omit(schema, 'allOf')),
      deeper,
    )
  for (const choice of ['anyOf', 'oneOf'])
    if (Array.isArray(schema[choice]) && schema[choice].length > 0)
      return value(merge(omit(schema, choice), dereferenced(simplest(schema[choice]), context)), deeper)
  switch (typeOf(schema)) {
    case 'object':
      return objectValue(schema, deeper)
    case 'array':
      return arrayValue(schema, deeper)
    case 'string':
      return stringValue(schema, context.words)
    case 'integer':
      return numberValue(schema, true)
    case 'number':
      return numberValue(schema, false)
    case 'boolean':
      return true
    default:
      return null
  }
}

function typeOf(schema: JsonRecord): string {
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  const named = types.find(type => typeof type === 'string' && type !== 'null')
  if (typeof named === 'string') return named
  if (types.includes('null')) return 'null'
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema) return 'array'
  if ('pattern' in schema || 'minLength' in schema || 'format' in schema) return 'string'
  if ('minimum' in schema || 'maximum' in schema || 'multipleOf' in schema) return 'number'
  return 'object'
}

function objectValue(schema: JsonRecord, context: Context): JsonRecord {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const result: Record<string, unknown> = {}
  const other = isRecord(schema['additionalProperties']) ? schema['additionalProperties'] : { type: 'string' }
  for (const name of asArray(schema['required']))
    if (typeof name === 'string')
      result[name] = value(Object.hasOwn(properties, name) ? properties[name] : other, context)
  const least = typeof schema['minProperties'] === 'number' ? schema['minProperties'] : 0
  for (const name of Object.keys(properties)) {
    if (Object.keys(result).length >= least) break
    if (!(name in result)) result[name] = value(properties[name], context)
  }
  for (let i = 1; Object.keys(result).length < least; i++) result[`key${i}`] = value(other, context)
  return result
}

function arrayValue(schema: JsonRecord, context: Context): readonly unknown[] {
  const first = asArray(schema['prefixItems'])
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0
  const result: unknown[] = []
  for (let i = 0; i < Math.max(least, first.length); i++) {
    const item = value(first[i] ?? schema['items'] ?? { type: 'string' }, context)
    result.push(schema['uniqueItems'] === true ? unlike(item, result, first[i] ?? schema['items']) : item)
  }
  return result
}

/** The item itself, or another valid one when it is in the list already. */
function unlike(item: unknown, taken: readonly unknown[], schema: unknown): unknown {
  if (!taken.includes(item)) return item
  const members = isRecord(schema) ? asArray(schema['enum']) : []
  const free = members.find(member => !taken.includes(member))
  if (free !== undefined) return free
  if (typeof item === 'number') {
    const step = isRecord(schema) && typeof schema['multipleOf'] === 'number' ? schema['multipleOf'] : 1
    return item + taken.length * step
  }
  if (typeof item === 'string') return `${item}${taken.length}`
  return item
}

function stringValue(schema: JsonRecord, words: Words): string {
  const pattern = asText(schema['pattern'])
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Number.POSITIVE_INFINITY
  const format = formats[asText(schema['format']) ?? '']
  // A pattern beside a format spells the same thing out, with more than a short text can be made of.
  if (format !== undefined && (pattern === undefined || matches(pattern, format))) return format
  if (pattern !== undefined) return patternValue(pattern, least)
  let text = words()
  while (text.length < least) text += ` ${words()}`
  // A cut that ends in a space would be trimmed by many an app, and then be too short.
  return text.length > most ? text.slice(0, most).replace(/ $/, '.') : text
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-03-02',
  'date-time': '2026-03-02T11:00:00Z',
  time: '11:00:00Z',
  duration: 'PT1H',
  email: 'ada@example.com',
  'idn-email': 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/a',
  'uri-reference': '/a',
  url: 'https://example.com/a',
  uuid: '3f2b8c1e-5a4d-4c7b-9e6f-0a1b2c3d4e5f',
  'json-pointer': '/a',
  regex: '^a$',
}

function numberValue(schema: JsonRecord, integer: boolean): number {
  const read = (name: string) => (typeof schema[name] === 'number' ? schema[name] : undefined)
  const step = read('multipleOf') ?? (integer ? 1 : undefined)
  const above = read('exclusiveMinimum')
  const below = read('exclusiveMaximum')
  const least = Math.max(read('minimum') ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY)
  const most = Math.min(read('maximum') ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY)
  const fits = (n: number) => n >= least && n <= most && n !== above && n !== below
  const unit = integer && step !== undefined && !Number.isInteger(step) ? 1 : step
  if (unit !== undefined) {
    const start = Number.isFinite(least) ? Math.ceil(least / unit) : Number.isFinite(most) ? Math.floor(most / unit) : 1
    const candidates = [1, start, start + 1, start - 1].map(n => n * unit)
    return candidates.find(fits) ?? start * unit
  }
  const middle = (least + most) / 2
  const candidates = [1, least, most, middle, least + 1, most - 1]
  return candidates.find(n => Number.isFinite(n) && fits(n)) ?? 1
}

function simplest(choices: readonly unknown[]): unknown {
  return choices.find(choice => !isRecord(choice) || choice['type'] !== 'null') ?? choices[0]
}

function dereferenced(schema: unknown, { root }: Context): unknown {
  const ref = isRecord(schema) ? asText(schema['$ref']) : undefined
  return ref === undefined ? schema : resolve(ref, root)
}

/** A pointer into the same document: `#`, `#/$defs/name`. Anything else is unknown and allows all. */
function resolve(ref: string, root: unknown): unknown {
  if (!ref.startsWith('#')) return {}
  let at: unknown = root
  for (const part of ref.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isRecord(at) ? at[key] : asArray(at)[Number(key)]
  }
  return at ?? {}
}

function omit(schema: JsonRecord, name: string): JsonRecord {
  const { [name]: _, ...rest } = schema
  return rest
}

/** Both schemas at once: properties and required names are joined, else the second one's word counts. */
function merge(a: unknown, b: unknown): JsonRecord {
  const left = isRecord(a) ? a : {}
  const right = isRecord(b) ? b : {}
  const merged: Record<string, unknown> = { ...left, ...right }
  if (isRecord(left['properties']) && isRecord(right['properties']))
    merged['properties'] = { ...left['properties'], ...right['properties'] }
  if (Array.isArray(left['required']) && Array.isArray(right['required']))
    merged['required'] = [...new Set([...left['required'], ...right['required']])]
  return merged
}
