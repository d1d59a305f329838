import type { Json } from '../../model/scenario.ts'

/** What the control API says of a JSON value: the part of JSON Schema (2020-12) that its own bodies need. */
export interface Schema {
  readonly $ref?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  /** How a person calls such a value: "a duration such as 90s". */
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly examples?: readonly Json[]
}

/** A key that may be absent. */
export interface Optional {
  readonly optional: Schema
}

/** A schema for every key of `T`: one that is forgotten, or no longer there, does not compile. */
type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Optional : Schema }

/** An object with the keys of `T`. Others may come: who reads it must not mind. */
export function objectOf<T>(description: string, fields: Fields<T>): Schema {
  const entries = Object.entries<Schema | Optional>(fields)
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(entries.map(([key, field]) => [key, 'optional' in field ? field.optional : field])),
    required: entries.flatMap(([key, field]) => ('optional' in field ? [] : [key])),
  }
}

/** An object that somebody sends: a key that is not known is a mistake. */
export function bodyOf<T>(description: string, fields: Fields<T>): Schema {
  return { ...objectOf<T>(description, fields), additionalProperties: false }
}

export function optional(schema: Schema): Optional {
  return { optional: schema }
}

export function text(description: string, more: Pick<Schema, 'minLength' | 'maxLength' | 'examples'> = {}): Schema {
  return { type: 'string', description, ...more }
}

export function flag(description: string): Schema {
  return { type: 'boolean', description }
}

/** How many, or a place in a list. */
export function whole(description: string): Schema {
  return { type: 'integer', minimum: 0, description }
}

/** Ms of the scenario; before t = 0 it is negative. */
export function time(description: string): Schema {
  return { type: 'number', description }
}

export function list(description: string, items: Schema): Schema {
  return { type: 'array', description, items }
}

/** Counts by name: a name that has none may be absent. */
export function counts<T extends string>(description: string, names: Readonly<Record<T, true>>): Schema {
  const each = Object.keys(names).map(name => [name, { type: 'integer', minimum: 0 } as const])
  return { type: 'object', description, properties: Object.fromEntries(each) }
}

/** One of the members of a union, all of them listed. */
export function oneOf<T extends string>(description: string, names: Readonly<Record<T, true>>): Schema {
  return { type: 'string', description, enum: Object.keys(names) }
}
