import { invariant } from '../lib/invariant.ts'
import type { Catalogue } from './catalogue.ts'
import { scenarioShape } from './declaration.ts'
import type { Definitions, JsonSchema } from './shape.ts'

/**
 * The format as a JSON Schema (draft-07, which YAML language servers know best). It holds the shape of the file; what
 * names refer to is the parser's business.
 */
export function scenarioSchema(catalogue: Catalogue): JsonSchema {
  const parts = new Map<string, JsonSchema | 'open'>()
  const definitions: Definitions = {
    define(name, build) {
      const open = parts.get(name)
      invariant(open !== 'open', `the definition "${name}" stands inside itself`)
      if (open === undefined) {
        parts.set(name, 'open')
        parts.set(name, build())
      }
      return { $ref: `#/definitions/${name}` }
    },
  }
  const root = scenarioShape(catalogue).schema(definitions)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...root,
    title: 'blackstart scenario',
    description: 'An outage, phase by phase, and what a sound app does in it.',
    definitions: Object.fromEntries([...parts].sort(([a], [b]) => (a < b ? -1 : 1))) as JsonSchema, // none is open any more
  }
}
