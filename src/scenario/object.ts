import { suggest } from '../lib/suggest.ts'
import { childPath } from './positions.ts'
import type { Reading } from './reading.ts'
import { type Definitions, type JsonSchema, refuse, type Shape, type Written } from './shape.ts'
import { type MapEntry, type MapNode, type Node, quote } from './tree.ts'

/** A key of a map: what it means, what stands there, and whether it may be left out. */
export interface Key<T, Required extends boolean = boolean> {
  readonly says: string
  readonly shape: Shape<T>
  readonly required: Required
  /** What a required property is when the file does not say. */
  readonly fallback?: T
}

type IsOptional<T, K extends keyof T> = string extends K ? true : Record<never, never> extends Pick<T, K> ? true : false

/** A key for each property of `T`; optional properties have optional keys. */
export type Keys<T> = {
  readonly [K in keyof T]-?: IsOptional<T, K> extends true ? Key<Exclude<T[K], undefined>, false> : Key<T[K], true>
}

export function required<T>(says: string, shape: Shape<T>): Key<T, true> {
  return { says, shape, required: true }
}

export function optional<T>(says: string, shape: Shape<T>): Key<T, false> {
  return { says, shape, required: false }
}

/** A key that may be left out of the file and is always there in the data. */
export function defaulted<T>(says: string, shape: Shape<T>, fallback: T): Key<T, true> {
  return { says, shape, required: true, fallback }
}

export interface ObjectOptions<T> {
  /** Printed in `{ }` where it fits. */
  readonly line?: boolean
  /** Exactly one of these keys must be there. */
  readonly exactlyOne?: readonly (keyof T & string)[]
  /** At least one of these keys must be there. */
  readonly atLeastOne?: readonly (keyof T & string)[]
  /** Rules between keys; sees what could be read, even when other keys are wrong. */
  readonly check?: (value: Partial<T>, node: MapNode, reading: Reading) => void
}

/** A map with known keys. */
export function object<T extends object>(name: string, keys: Keys<T>, options: ObjectOptions<T> = {}): Shape<T> {
  // The mapped type guarantees that each key's shape fits its property; here they are handled alike.
  const known = new Map(Object.entries(keys) as [keyof T & string, Key<unknown>][])
  return {
    name,
    read(node, path, reading) {
      if (node.type !== 'map') return refuse(reading, node, 'wrong-type', name, mapHint(node, [...known.keys()]))
      let sound = true
      const values = new Map<string, unknown>()
      const unknown: string[] = []
      const problem = (done: boolean) => {
        sound &&= done
      }
      for (const entry of node.entries) {
        const key = known.get(entry.key as keyof T & string) // any text may be looked up
        if (!key) {
          problem(reportUnknownKey(entry, node, name, [...known.keys()], reading))
          unknown.push(entry.key)
          continue
        }
        reading.place(childPath(path, entry.key), entry.value)
        const value = key.shape.read(entry.value, childPath(path, entry.key), reading)
        if (value === undefined) sound = false
        else values.set(entry.key, value)
      }
      for (const [key, { required, fallback, says }] of known) {
        if (!required || node.entries.some(entry => entry.key === key)) continue
        if (fallback !== undefined) values.set(key, fallback)
        // A key that was mistyped is not missing as well.
        else if (!unknown.some(word => isMeant(key, word, known.keys())))
          problem(report(reading, 'missing-key', node, `The key "${key}" is missing from ${name}.`, `${key}: ${says}`))
      }
      if (unknown.length === 0) problem(checkChoice(node, name, options, reading))
      const inOrder = [...known.keys()].flatMap(key => (values.has(key) ? [[key, values.get(key)]] : []))
      const value: Partial<T> = Object.fromEntries(inOrder)
      const watched: Reading = {
        ...reading,
        report(...args) {
          sound = false
          reading.report(...args)
        },
      }
      options.check?.(value, node, watched)
      // Every required key was read: the check above.
      return sound ? (value as T) : undefined
    },
    write(value) {
      const entries: [string, Written][] = []
      for (const [key, { shape }] of known) {
        const property: unknown = value[key]
        if (property !== undefined) entries.push([key, shape.write(property)])
      }
      return { type: 'map', line: options.line ?? false, entries }
    },
    schema: definitions => objectSchema(name, known, options, definitions),
  }
}

function checkChoice<T>(node: MapNode, name: string, options: ObjectOptions<T>, reading: Reading): boolean {
  const present = (keys: readonly string[]) => node.entries.filter(entry => keys.includes(entry.key))
  const { exactlyOne, atLeastOne } = options
  if (exactlyOne) {
    const [first, second] = present(exactlyOne)
    if (!first) return report(reading, 'missing-key', node, `One of ${list(exactlyOne)} is missing from ${name}.`)
    if (second) {
      const message = `"${first.key}" and "${second.key}" cannot stand together in ${name}.`
      return report(reading, 'conflicting-keys', second.keyRange, message, 'Keep one of them, or make it two entries.')
    }
  }
  if (atLeastOne && present(atLeastOne).length === 0)
    return report(reading, 'missing-key', node, `At least one of ${list(atLeastOne)} is missing from ${name}.`)
  return true
}

/** Reports, and is `false`. */
function report(reading: Reading, ...args: Parameters<Reading['report']>): false {
  reading.report(...args)
  return false
}

/** Reports a key that does not belong here, with the likeliest reason; `false`. */
export function reportUnknownKey(
  entry: MapEntry,
  node: MapNode,
  name: string,
  keys: readonly string[],
  reading: Reading,
): false {
  const message = `Unknown key ${quote(entry.key)} in ${name}.`
  return report(reading, 'unknown-key', entry.keyRange, message, unknownKeyHint(entry, node, keys))
}

function unknownKeyHint(entry: MapEntry, node: MapNode, keys: readonly string[]): string {
  const [, word, colon, rest] = /^([\w-]+)(:?)\s*(.+)$/.exec(entry.key) ?? []
  if (entry.bare && word && rest && keys.includes(word) && rest !== word)
    return colon ? `Put a space after the colon: ${word}: ${rest}` : `Put a colon after the key: ${word}: ${rest}`
  const before = node.entries.slice(0, node.entries.indexOf(entry)).findLast(({ key }) => keys.includes(key))
  const split = node.flow && (entry.bare || /\s/.test(entry.key))
  if (split && before?.value.type === 'scalar' && typeof before.value.value === 'string' && before.value.plain)
    return `If it belongs to the text of "${before.key}", quote this text: ${before.key}: "${before.value.value}, ..."`
  if (entry.key.length > 40) return keysHint(keys)
  const meant = suggest(entry.key, keys)
  return meant ? `Did you mean "${meant}"?` : keysHint(keys)
}

/** Whether the unknown `word` was most likely `key`, or `key` glued to its value. */
function isMeant(key: string, word: string, keys: Iterable<string>): boolean {
  return word.startsWith(`${key}:`) || word.startsWith(`${key} `) || (word.length <= 40 && suggest(word, keys) === key)
}

function mapHint(node: Node, keys: readonly string[]): string {
  const [, word] = (node.type === 'scalar' && /^([\w-]+):\S/.exec(node.source)) || []
  if (word !== undefined && keys.includes(word)) return `Put a space after each colon: "${word}: ...".`
  return `It is a map. ${keysHint(keys)}`
}

function keysHint(keys: readonly string[]): string {
  return keys.length === 0 ? 'There are no keys here.' : `Keys known here: ${keys.join(', ')}.`
}

function list(keys: readonly string[]): string {
  return keys
    .map(key => `"${key}"`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')
}

function objectSchema<T>(
  name: string,
  keys: ReadonlyMap<string, Key<unknown>>,
  options: ObjectOptions<T>,
  definitions: Definitions,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  for (const [key, { says, shape }] of keys) properties[key] = described(says, shape.schema(definitions))
  const requiredKeys = [...keys].filter(([, key]) => key.required && key.fallback === undefined).map(([key]) => key)
  const each = (names: readonly string[] | undefined) => (names ?? []).map(key => ({ required: [key] }))
  return {
    type: 'object',
    title: name.replace(/^an? /, ''),
    properties,
    ...(requiredKeys.length > 0 && { required: requiredKeys }),
    ...(options.exactlyOne && { oneOf: each(options.exactlyOne) }),
    ...(options.atLeastOne && { anyOf: each(options.atLeastOne) }),
    additionalProperties: false,
  }
}

/** `schema` with a description; draft-07 ignores what stands beside `$ref`. */
export function described(description: string, schema: JsonSchema): JsonSchema {
  return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema }
}
