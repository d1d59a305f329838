import { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Scenario } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { scenarioShape } from './declaration.ts'
import type { Written } from './shape.ts'

/** Tells editors with a YAML language server where the schema is. */
export const schemaLine = '# yaml-language-server: $schema=./node_modules/blackstart/scenario.schema.json'

/** Columns a `{ }` or `[ ]` may fill before it is spread over lines. */
const width = 120

/**
 * Writes a scenario as canonical YAML: keys in the format's order, short entries in `{ }`. Parsing it gives the same
 * scenario. The catalogue says how each parameter is spelled.
 */
export function printScenario(scenario: Scenario, catalogue: Catalogue): string {
  const document = new Document()
  document.contents = toYaml(scenarioShape(catalogue).write(scenario), 0)
  return `${schemaLine}\n${print(document)}`
}

/** `left`: columns taken by what stands before the value. */
function toYaml(value: Written, left: number): Scalar | YAMLMap | YAMLSeq {
  if (value.type === 'scalar') return new Scalar(value.value)
  const empty = value.type === 'list' ? value.items.length === 0 : value.entries.length === 0
  if (value.line || empty) {
    const inline = collection(value, 0, true)
    if (empty || left + print(new Document(inline)).length - 1 <= width) return inline
  }
  return collection(value, left, false)
}

type Stringify = YAMLMap['toString']

/** `[a, b]` beside `{ a: b }`: the library pads both or none. */
class TightList extends YAMLSeq {
  override toString(...[context, ...rest]: Parameters<Stringify>): string {
    return super.toString(context && { ...context, flowCollectionPadding: '' }, ...rest)
  }
}

class PaddedMap extends YAMLMap {
  override toString(...[context, ...rest]: Parameters<Stringify>): string {
    return super.toString(context && { ...context, flowCollectionPadding: ' ' }, ...rest)
  }
}

function collection(value: Exclude<Written, { type: 'scalar' }>, left: number, flow: boolean): YAMLMap | YAMLSeq {
  const child = (item: Written, taken: number) =>
    flow && item.type !== 'scalar' ? collection(item, 0, true) : toYaml(item, taken)
  if (value.type === 'list') {
    const list = new TightList()
    list.flow = flow
    list.items = value.items.map(item => child(item, left + 2))
    return list
  }
  const map = new PaddedMap()
  map.flow = flow
  for (const [name, item] of value.entries) {
    const key = new Scalar(name)
    // Unquoted it would be a merge key.
    if (name === '<<') key.type = 'QUOTE_DOUBLE'
    // Either on the key's own line, or below it and two further in.
    map.add({ key, value: child(item, left + Math.max(2, item.type === 'scalar' || item.line ? name.length + 2 : 2)) })
  }
  return map
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0, indentSeq: true })
}
