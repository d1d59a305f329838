import { unreachable } from '../lib/invariant.ts'
import type { Param, Params } from '../model/param.ts'
import type { Json, ParamValue } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { record } from './lists.ts'
import { type Key, optional } from './object.ts'
import { surfaces } from './references.ts'
import { choice, flag, number, text } from './scalars.ts'
import type { JsonSchema, Shape } from './shape.ts'
import { cutPoint, duration, share } from './units.ts'

/** Keys for a fault's or an oracle's parameters. Which are needed is the leaf's own affair: all have defaults or do without. */
export function paramKeys(params: Params, catalogue: Catalogue): Record<string, Key<ParamValue, false>> {
  const entries = Object.entries(params).map(([name, param]) => {
    const shape = paramShape(param, catalogue)
    return [name, optional(param.says, withDefault(shape, param))] as const
  })
  return Object.fromEntries(entries)
}

function paramShape(param: Param, catalogue: Catalogue): Shape<ParamValue> {
  switch (param.kind) {
    case 'duration':
      return duration(limits(param))
    case 'share':
      return share
    case 'number':
      return number({ ...limits(param), integer: param.integer ?? false, ...(param.unit && { unit: param.unit }) })
    case 'boolean':
      return flag
    case 'text':
      return text()
    case 'choice':
      return choice(...param.options)
    case 'cut-point':
      return cutPoint
    case 'text-map':
      return record('texts', text(), { line: true })
    case 'surfaces':
      return surfaces(catalogue)
    default:
      return unreachable(param)
  }
}

function limits({ min, max }: { readonly min?: number; readonly max?: number }) {
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** The default as an editor shows it: in the file's spelling. */
function withDefault(shape: Shape<ParamValue>, param: Param): Shape<ParamValue> {
  if (param.default === undefined) return shape
  const spelled = spell(shape, param.default)
  const schema: Shape<ParamValue>['schema'] = definitions => {
    const own: JsonSchema = shape.schema(definitions)
    return spelled === undefined || '$ref' in own ? own : { ...own, default: spelled }
  }
  return { ...shape, schema }
}

function spell(shape: Shape<ParamValue>, value: ParamValue): Json | undefined {
  const result = shape.write(value)
  return result.type === 'scalar' ? result.value : undefined
}
