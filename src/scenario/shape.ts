import type { Json } from '../model/scenario.ts'
import type { DiagnosticCode } from './diagnostic.ts'
import type { Reading } from './reading.ts'
import { describe, type Node } from './tree.ts'

/**
 * One kind of value of the format: how it is read, how it is written, and how an editor is told about it. The whole
 * format is one tree of these (`declaration.ts`), so parser, printer and JSON Schema cannot drift apart.
 */
export interface Shape<T> {
  /** With its article: `a duration such as 90s`. */
  readonly name: string
  /** The value, or `undefined` once what is wrong has been reported. */
  read(node: Node, path: string, reading: Reading): T | undefined
  write(value: T): Written
  schema(definitions: Definitions): JsonSchema
}

/** A value on its way to the page. `line` asks for `{ }` or `[ ]` where it fits. */
export type Written =
  | { readonly type: 'scalar'; readonly value: string | number | boolean | null }
  | { readonly type: 'list'; readonly line: boolean; readonly items: readonly Written[] }
  | { readonly type: 'map'; readonly line: boolean; readonly entries: readonly (readonly [string, Written])[] }

export type JsonSchema = { readonly [key: string]: Json }

/** Named parts of the schema, each written once. */
export interface Definitions {
  define(name: string, build: () => JsonSchema): JsonSchema
}

export function written(value: string | number | boolean | null): Written {
  return { type: 'scalar', value }
}

/** Reports that `node` is not what `shape` wants. */
export function refuse(reading: Reading, node: Node, code: DiagnosticCode, name: string, hint?: string): undefined {
  reading.report(code, node, `Expected ${name}, found ${describe(node)}.`, hint)
  return undefined
}

/** `shape` under a name of its own in the JSON Schema, so that it is not repeated there. */
export function named<T>(definition: string, shape: Shape<T>): Shape<T> {
  return { ...shape, schema: definitions => definitions.define(definition, () => shape.schema(definitions)) }
}
