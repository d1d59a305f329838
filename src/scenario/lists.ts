import type { Json } from '../model/scenario.ts'
import { childPath } from './positions.ts'
import type { Reading } from './reading.ts'
import { refuse, type Shape, type Written, written } from './shape.ts'
import { type MapEntry, type Node, quote } from './tree.ts'

/** A list; `line` prints it in `[ ]` where it fits. */
export function list<T>(of: Shape<T>, { line = false, min = 0 } = {}): Shape<readonly T[]> {
  const name = `a list (each item ${of.name})`
  return {
    name,
    read(node, path, reading) {
      if (node.type !== 'list')
        return refuse(reading, node, 'wrong-type', name, 'Write [a, b], or "- " before each item.')
      if (node.items.length < min) return tooShort(node, min, reading)
      return readItems(node.items, of, path, reading)
    },
    write: values => ({ type: 'list', line, items: values.map(value => of.write(value)) }),
    schema: definitions => ({ type: 'array', items: of.schema(definitions), ...(min > 0 && { minItems: min }) }),
  }
}

/** `x` or `[x, y]`; always a list in the data, printed short when there is one. */
export function oneOrList<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    name: `${of.name}, or a list of them`,
    read(node, path, reading) {
      if (node.type !== 'list') {
        const value = of.read(node, path, reading)
        return value === undefined ? undefined : [value]
      }
      if (node.items.length === 0) return tooShort(node, 1, reading)
      return readItems(node.items, of, path, reading)
    },
    write(values) {
      const [first, ...more] = values
      if (first !== undefined && more.length === 0) return of.write(first)
      return { type: 'list', line: true, items: values.map(value => of.write(value)) }
    },
    schema(definitions) {
      const one = of.schema(definitions)
      return { anyOf: [one, { type: 'array', items: one, minItems: 1 }] }
    },
  }
}

function tooShort(node: Node, min: number, reading: Reading): undefined {
  reading.report('bad-length', node, `This list needs at least ${min === 1 ? 'one item' : `${min} items`}.`)
  return undefined
}

function readItems<T>(items: readonly Node[], of: Shape<T>, path: string, reading: Reading): readonly T[] | undefined {
  const values: T[] = []
  items.forEach((item, i) => {
    reading.place(childPath(path, i), item)
    const value = of.read(item, childPath(path, i), reading)
    if (value !== undefined) values.push(value)
  })
  return values.length === items.length ? values : undefined
}

/** A map with names of the writer's choice. */
export function record<T>(
  what: string,
  of: Shape<T>,
  { line = false, pattern, checkKey }: RecordOptions = {},
): Shape<Readonly<Record<string, T>>> {
  const name = `a map of ${what}`
  return {
    name,
    read(node, path, reading) {
      if (node.type !== 'map') return refuse(reading, node, 'wrong-type', name)
      let sound = true
      const values: [string, T][] = []
      for (const entry of node.entries) {
        if (!isUsableName(entry, what, pattern, reading) || checkKey?.(entry, reading) === false) sound = false
        reading.place(childPath(path, entry.key), entry.value)
        const value = of.read(entry.value, childPath(path, entry.key), reading)
        if (value === undefined) sound = false
        else values.push([entry.key, value])
      }
      return sound ? Object.fromEntries(values) : undefined
    },
    write: value => ({
      type: 'map',
      line,
      entries: Object.entries(value).map(([key, v]) => [key, of.write(v)] as const),
    }),
    schema: definitions => ({
      type: 'object',
      propertyNames: { type: 'string', ...(pattern && { pattern: pattern.source }), not: { const: '__proto__' } },
      additionalProperties: of.schema(definitions),
    }),
  }
}

export interface RecordOptions {
  readonly line?: boolean
  readonly pattern?: RegExp
  /** `false` once it has reported. */
  readonly checkKey?: (entry: MapEntry, reading: Reading) => boolean
}

function isUsableName(
  { key, keyRange }: MapEntry,
  what: string,
  pattern: RegExp | undefined,
  reading: Reading,
): boolean {
  if (key !== '__proto__' && (pattern?.test(key) ?? true)) return true
  reading.report('bad-name', keyRange, `${quote(key)} cannot be a name in this map of ${what}.`)
  return false
}

/** Anything YAML can say: what other tools read. */
export const json: Shape<Json> = {
  name: 'any value',
  read: readJson,
  write: writeJson,
  schema: () => ({}),
}

function readJson(node: Node, path: string, reading: Reading): Json | undefined {
  if (node.type === 'list') return readItems(node.items, json, path, reading)
  if (node.type === 'map') return jsonMap.read(node, path, reading)
  if (typeof node.value !== 'number' || Number.isFinite(node.value)) return node.value
  return refuse(reading, node, 'bad-number', 'a number that JSON can hold')
}

function writeJson(value: Json): Written {
  if (typeof value !== 'object' || value === null) return written(value)
  if (isJsonList(value)) return { type: 'list', line: true, items: value.map(writeJson) }
  return jsonMap.write(value)
}

const jsonMap = record('values', json, { line: true })

function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
