import { suggest } from '../lib/suggest.ts'
import type { FaultRef, ParamValue } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import type { DiagnosticCode } from './diagnostic.ts'
import { json } from './lists.ts'
import { described, object } from './object.ts'
import { paramKeys } from './params.ts'
import { childPath } from './positions.ts'
import type { Reading } from './reading.ts'
import { refuse, type Shape, type Written, written } from './shape.ts'
import { type MapEntry, type Node, quote, type Range } from './tree.ts'
import { textOf } from './units.ts'

type Values = Readonly<Record<string, ParamValue>>

/** `overloaded`, or `{ overloaded: { retry_after: 5s } }`. */
export function faultRef(catalogue: Catalogue): Shape<FaultRef> {
  const shapes = new Map(
    [...catalogue.faults].map(([id, fault]) => {
      const params = object<Values>(`the parameters of "${id}"`, paramKeys(fault.params, catalogue), {
        line: true,
      })
      return [id, { says: fault.says, params }] as const
    }),
  )
  const name = 'a fault: its id, or { id: { parameters } }'
  return {
    name,
    read(node, path, reading) {
      const named = oneOfMany(node, shapes.keys(), { name, what: 'fault', code: 'unknown-fault' }, reading)
      if (!named) return undefined
      const { id, value } = named
      if (!value || isNothing(value)) return { id, params: {} }
      const params = shapes.get(id)?.params.read(value, childPath(path, id), reading)
      return params && { id, params }
    },
    write({ id, params }): Written {
      if (Object.keys(params).length === 0) return written(id)
      // A fault the catalogue does not know prints its parameters as they are.
      const value = shapes.get(id)?.params.write(params) ?? json.write(params)
      return { type: 'map', line: true, entries: [[id, value]] }
    },
    schema: definitions => ({
      anyOf: [
        ...[...shapes].map(([id, { says }]) => ({ const: id, description: says })),
        {
          type: 'object',
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: false,
          properties: Object.fromEntries(
            [...shapes].map(([id, { says, params }]) => [
              id,
              described(says, { anyOf: [{ type: 'null' }, params.schema(definitions)] }),
            ]),
          ),
        },
      ],
    }),
  }
}

interface Kind {
  readonly name: string
  readonly what: string
  readonly code: DiagnosticCode
}

/** Reads `id` or `{ id: value }` where `id` must be one of `ids`. */
export function oneOfMany(
  node: Node,
  ids: Iterable<string>,
  kind: Kind,
  reading: Reading,
): { readonly id: string; readonly value?: Node } | undefined {
  const text = textOf(node)
  const entry = node.type === 'map' ? soleEntry(node.entries) : undefined
  const id = text ?? entry?.key
  if (id === undefined) {
    const hint =
      node.type === 'map' ? `Name one ${kind.what} here; its parameters go in a map of their own.` : undefined
    return refuse(reading, node, 'wrong-type', kind.name, hint)
  }
  const known = [...ids]
  if (!known.includes(id)) return unknown(id, entry?.keyRange ?? node, known, kind, reading)
  return entry ? { id, value: entry.value } : { id }
}

function soleEntry(entries: readonly MapEntry[]): MapEntry | undefined {
  return entries.length === 1 ? entries[0] : undefined
}

function unknown(id: string, at: Range, known: readonly string[], kind: Kind, reading: Reading): undefined {
  const meant = id.length > 60 ? undefined : suggest(id, known)
  const hint = meant ? `Did you mean "${meant}"?` : `Known ids: ${[...known].sort().join(', ')}.`
  reading.report(kind.code, at, `There is no ${kind.what} ${quote(id)}.`, hint)
  return undefined
}

/** Nothing stands there: `{ id: }`. */
export function isNothing(node: Node): boolean {
  return node.type === 'scalar' && node.value === null
}
