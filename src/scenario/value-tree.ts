import type { ConfigProblem } from './config-data.ts'
import { childPath } from './positions.ts'
import type { MapEntry, Node } from './tree.ts'

export interface ValueTree {
  readonly root: Node
  /** The path of each node; its number stands in the node's range. */
  readonly paths: readonly string[]
  /** Values that are no data. */
  readonly problems: readonly ConfigProblem[]
}

/** A value of a program as the tree of a document, with paths for places. Keys in `marked` are kept as `true` alone. */
export function treeOfValue(value: unknown, marked: readonly string[] = []): ValueTree {
  const paths: string[] = []
  const problems: ConfigProblem[] = []
  const parents: object[] = []

  const nodeOf = (of: unknown, path: string): Node => {
    const at = paths.push(path) - 1
    const range = { from: at, to: at }
    const scalar = (plain: string | number | boolean | null): Node => ({
      ...range,
      type: 'scalar',
      value: plain,
      source: String(plain),
      plain: typeof plain !== 'string',
    })
    if (of === null || typeof of === 'string' || typeof of === 'number' || typeof of === 'boolean') return scalar(of)
    if (typeof of === 'object' && parents.includes(of)) return refused(scalar, path, 'an object that holds itself')
    if (Array.isArray(of)) return within(of, () => ({ ...range, type: 'list', items: itemsOf(of, path) }))
    if (typeof of === 'object' && isPlain(of))
      return within(of, () => ({ ...range, type: 'map', flow: false, entries: entriesOf(of, path) }))
    return refused(scalar, path, kindOf(of))
  }
  const within = (parent: object, make: () => Node): Node => {
    parents.push(parent)
    const node = make()
    parents.pop()
    return node
  }
  const refused = (scalar: (value: null) => Node, path: string, kind: string) => {
    problems.push({
      path,
      message: `This is ${kind}, which is no plain value.`,
      hint: 'Write text, numbers, lists and maps.',
    })
    return scalar(null)
  }
  const itemsOf = (list: readonly unknown[], path: string) => list.map((item, i) => nodeOf(item, childPath(path, i)))
  const entriesOf = (map: object, path: string): readonly MapEntry[] =>
    Object.entries(map)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => {
        const value = nodeOf(path === '' && marked.includes(key) ? true : one, childPath(path, key))
        return { key, keyRange: { from: value.from, to: value.to }, value, bare: false }
      })

  return { root: nodeOf(value, ''), paths, problems }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function kindOf(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return `a ${value.constructor.name}`
  return value === undefined ? 'undefined' : `a ${typeof value}`
}
