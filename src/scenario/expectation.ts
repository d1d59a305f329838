import type { Expectation, Json } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { isNothing, oneOfMany } from './fault-ref.ts'
import { json, oneOrList } from './lists.ts'
import { described, type Key, object, optional } from './object.ts'
import { paramKeys } from './params.ts'
import { childPath } from './positions.ts'
import { phaseRef, surfaces } from './references.ts'
import { flag, text } from './scalars.ts'
import { type Shape, type Written, written } from './shape.ts'

type Scope = NonNullable<Expectation['of']>
interface Body {
  readonly [param: string]: unknown
}

/** `id`, `{ id: off }` or `{ id: { parameters, during, of } }`. */
export function expectation(catalogue: Catalogue): Shape<Expectation> {
  const bodies = new Map(
    [...catalogue.oracles].map(([id, { params }]) => [id, bodyShape(id, params, catalogue)] as const),
  )
  const name = 'an oracle: its id, { id: off } or { id: { parameters } }'
  return {
    name,
    read(node, path, reading) {
      const named = oneOfMany(node, bodies.keys(), { name, what: 'oracle', code: 'unknown-oracle' }, reading)
      if (!named) return undefined
      const { id, value } = named
      if (!value || isNothing(value)) return { oracle: id }
      if (value.type === 'scalar') {
        if (value.value === 'off') return { oracle: id, off: true }
        reading.report('wrong-type', value, `Expected "off" or the parameters of "${id}".`, `Write ${id}: off`)
        return undefined
      }
      const body = bodies.get(id)?.read(value, childPath(path, id), reading)
      return body && fromBody(id, body)
    },
    write({ oracle, off, params, during, of }): Written {
      if (off) return { type: 'map', line: false, entries: [[oracle, written('off')]] }
      const body: Body = { ...params, ...(during && { during }), ...(of && { of }) }
      if (Object.keys(body).length === 0) return written(oracle)
      const shape = bodies.get(oracle)
      return { type: 'map', line: false, entries: [[oracle, shape ? shape.write(body) : json.write(params ?? {})]] }
    },
    schema: definitions => ({
      anyOf: [
        { enum: [...bodies.keys()] },
        {
          type: 'object',
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: false,
          properties: Object.fromEntries(
            [...bodies].map(([id, body]) => [
              id,
              { anyOf: [{ enum: ['off', null] }, described(`What "${id}" asks for.`, body.schema(definitions))] },
            ]),
          ),
        },
      ],
    }),
  }
}

function bodyShape(id: string, params: Parameters<typeof paramKeys>[0], catalogue: Catalogue): Shape<Body> {
  const of = object<Scope>(
    'a scope',
    {
      surface: optional('Tasks that used one of these surfaces.', surfaces(catalogue)),
      class: optional('Tasks of these classes.', oneOrList(text('the name of a task class'))),
      tenant: optional('Tasks of these tenants.', oneOrList(text('the name of a tenant'))),
      streaming: optional('Only tasks that stream, or only those that do not.', flag),
    },
    { line: true },
  )
  const keys: Record<string, Key<unknown, false>> = {
    ...paramKeys(params, catalogue),
    during: optional('Only these phases.', oneOrList(phaseRef)),
    of: optional('Only a part of the tasks.', of),
  }
  return object<Body>(`the parameters of "${id}"`, keys, { line: true })
}

function fromBody(oracle: string, { during, of, ...params }: Body): Expectation {
  return {
    oracle,
    // The body's shape made these: see `bodyShape`.
    ...(Object.keys(params).length > 0 && { params: params as Record<string, Json> }),
    ...(during !== undefined && { during: during as readonly string[] }),
    ...(of !== undefined && { of: of as Scope }),
  }
}
