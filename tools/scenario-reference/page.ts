import { invariant } from '../../src/lib/invariant.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { scenarioSchema } from '../../src/scenario/index.ts'
import { hasKeys, isRamp, kindOf, type Node } from './node.ts'
import { details, intro, words } from './text.ts'

/** The page about every key of a scenario, from the schema that editors and `check` go by. */
export function scenarioReferencePage(): string {
  // A schema's nodes are told apart by the keys that they have: one type for all of them will do here.
  const schema = scenarioSchema(catalogue) as unknown as Node & { readonly definitions: Definitions }
  const keys = Object.entries(schema.properties ?? {})
  const told = new Set(keys.filter(([key, node]) => hasKeys(node) || key in details).map(([key]) => key))
  for (const key of Object.keys(details))
    invariant(told.has(key) || key === entries, `text.ts has words on ${key}, which is no key of a scenario`)
  const index = keys.map(([key, node]) =>
    row(told.has(key) ? `[${key}](#${key})` : `\`${key}\``, node, schema.required?.includes(key) ? 'needed' : ''),
  )
  return `${[
    intro,
    words,
    '## The keys of a scenario',
    table(index.map(line => line.replace('keys below', 'keys'))),
    ...keys.filter(([key]) => told.has(key)).flatMap(([key, node]) => sectionOf(key, node, schema.definitions)),
    ...sectionOf(entries, schema.definitions['fault-entry'] ?? {}, schema.definitions),
  ].join('\n\n')}\n`
}

type Definitions = Readonly<Record<string, Node>>

const entries = 'fault entries'

function sectionOf(key: string, node: Node, definitions: Definitions): string[] {
  // The parameters of each oracle stand on the page about oracles.
  const rows = key === 'expect' ? [] : rowsOf(node, '', definitions)
  const places =
    key === 'surfaces' ? [`Those of the providers: ${listed(definitions['surface']?.examples ?? [])}.`] : []
  return [`## ${key}`, ...(details[key] ? [details[key]] : []), ...places, ...(rows.length > 0 ? [table(rows)] : [])]
}

/** A row for each key below `node`, those of keys in it among them: `sessions.turns`, `limits[].per`. */
function rowsOf(node: Node, path: string, definitions: Definitions): string[] {
  return objectsOf(node, path, definitions).flatMap(({ object, at, isOther }) =>
    Object.entries(object.properties ?? {}).flatMap(([key, child]) => {
      const own = at === '' ? key : `${at}.${key}`
      const needed = object.required?.includes(key) ? 'needed' : ''
      return [row(`\`${own}\``, child, isOther ? 'instead' : needed), ...rowsOf(child, own, {})]
    }),
  )
}

interface Place {
  readonly object: Node
  readonly at: string
  /** It may stand there in place of the one before. */
  readonly isOther: boolean
}

/** The objects whose keys may stand at `node`; `definitions` are opened at the top of a section, and linked below. */
function objectsOf(node: Node, at: string, definitions: Definitions): readonly Place[] {
  const { $ref, anyOf = [], items, properties, additionalProperties } = node
  if ($ref !== undefined) {
    const target = definitions[$ref.slice($ref.lastIndexOf('/') + 1)]
    return target ? objectsOf(target, at, {}) : []
  }
  if (isRamp(node)) return []
  if (properties) return [{ object: node, at, isOther: false }]
  if (typeof additionalProperties === 'object')
    return objectsOf(additionalProperties, at === '' ? 'NAME' : `${at}.NAME`, {})
  if (items) return objectsOf(items, at === '' ? '' : `${at}[]`, definitions)
  const places = anyOf.flatMap(option => objectsOf(option, at, definitions))
  // One, or a list of the same: its keys are told once.
  return places
    .filter(({ object }, i) => places.findIndex(other => other.object.title === object.title) === i)
    .map((place, i) => ({ ...place, isOther: i > 0 }))
}

function row(key: string, node: Node, note: string): string {
  return `| ${[key, kindOf(node), note, node.description ?? ''].map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function table(rows: readonly string[]): string {
  return ['| key | what stands there | | what it says |', '|---|---|---|---|', ...rows].join('\n')
}

function listed(words: readonly string[]): string {
  return words.map(word => `\`${word}\``).join(', ')
}
