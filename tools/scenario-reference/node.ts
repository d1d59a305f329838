import { invariant } from '../../src/lib/invariant.ts'

/** A node of a JSON Schema, as far as the reference reads it. */
export interface Node {
  readonly $ref?: string
  readonly description?: string
  readonly type?: string
  readonly title?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly examples?: readonly string[]
  readonly minimum?: number
  readonly pattern?: string
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly required?: readonly string[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly allOf?: readonly Node[]
}

/** Definitions with a page or a section of their own. */
const links: Readonly<Record<string, string>> = {
  surface: '[surface](#surfaces)',
  phase: '[phase](#phases)',
  'fault-entry': '[fault entry](#fault-entries)',
  fault: '[fault](faults.md)',
  capacity: '[capacity](#capacity)',
  answer: '[answer](#answers)',
  expectation: '[expectation](oracles.md)',
}

/** What may stand there, in words: `duration`, `list of [phase](#phases)`, `whole number, at least 1`. */
export function kindOf(node: Node): string {
  const { $ref, allOf, anyOf, examples = [] } = node
  if ($ref !== undefined) return linkOf($ref)
  if (allOf?.[0]) return kindOf(allOf[0])
  if (isShare(node)) return '[share](#words)'
  if (node.type === 'object') return objectKind(node)
  if (anyOf) return anyOfKind(anyOf)
  if ('const' in node) return `\`${node.const}\``
  if (node.enum) return node.enum.map(value => `\`${value}\``).join(', ')
  if (examples[0] === '30s') return '[duration](#words)'
  if (examples[0] === 'NAME') return '[instant](#words)'
  if (examples[0] === '60/m') return '[rate](#words)'
  if (node.type === 'array') return `list of ${node.items ? kindOf(node.items) : 'values'}`
  if (node.type === 'integer')
    return node.minimum === undefined ? 'whole number' : `whole number, at least ${node.minimum}`
  if (node.type === 'boolean') return '`true`, `false`'
  if (node.type === 'string') return examples.length > 0 ? `text, as \`${examples[0]}\`` : 'text'
  return node.type ?? 'anything'
}

function objectKind(node: Node): string {
  if (isRamp(node)) return '`{ from, to }`'
  if (hasKeys(node)) return 'keys below'
  const { additionalProperties: values } = node
  return `words of your own, each with ${typeof values === 'object' ? kindOf(values) : 'anything'}`
}

/** Whether keys with names of ours may stand in it. */
export function hasKeys(node: Node): boolean {
  const { properties, items, anyOf = [], additionalProperties } = node
  if (isRamp(node)) return false
  if (properties) return true
  if (typeof additionalProperties === 'object') return hasKeys(additionalProperties)
  return (items !== undefined && hasKeys(items)) || anyOf.some(hasKeys)
}

/** A value that moves from one to another. */
export function isRamp({ title }: Node): boolean {
  return title === 'ramp'
}

function anyOfKind(options: readonly Node[]): string {
  const kinds = [...new Set(options.map(kindOf))]
  const [one = '', ...more] = kinds
  if (more.length === 1 && more[0] === `list of ${one}`) return `${one}, or a list`
  return kinds.join(', or ')
}

/** `50%`, or a number from 0 to 1. */
function isShare({ anyOf = [] }: Node): boolean {
  return anyOf.length === 2 && anyOf[0]?.examples?.[0] === '50%'
}

function linkOf(ref: string): string {
  const name = ref.slice(ref.lastIndexOf('/') + 1)
  const link = links[name]
  invariant(link !== undefined, `the reference does not know the definition ${name}`)
  return link
}
