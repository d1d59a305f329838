/** A YAML document without YAML: aliases followed, merge keys merged, every node with its place. */
export type Node = ScalarNode | ListNode | MapNode

/** Offsets into the text; an alias stands where it is used, what is inside it where it is written. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface ScalarNode extends Range {
  readonly type: 'scalar'
  readonly value: string | number | boolean | null
  /** As written, without quotes. */
  readonly source: string
  /** Written without quotes. */
  readonly plain: boolean
}

export interface ListNode extends Range {
  readonly type: 'list'
  readonly items: readonly Node[]
}

export interface MapNode extends Range {
  readonly type: 'map'
  /** In `{ }`. */
  readonly flow: boolean
  readonly entries: readonly MapEntry[]
}

export interface MapEntry {
  readonly key: string
  readonly keyRange: Range
  readonly value: Node
  /** `{ key }` with no colon after it. */
  readonly bare: boolean
}

/** The value of `key`, if `node` is a map that has it. */
export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  return node?.type === 'map' ? node.entries.find(entry => entry.key === key) : undefined
}

/** What a person would call `node`: `the number 50`, `a list`. Long texts are cut. */
export function describe(node: Node): string {
  if (node.type === 'list') return 'a list'
  if (node.type === 'map') return 'a map'
  if (node.value === null) return 'nothing'
  if (typeof node.value === 'string') return `the text ${quote(node.value)}`
  return `${typeof node.value === 'number' ? 'the number ' : ''}${shorten(node.source)}`
}

/** `text` in double quotes, at most about 60 characters, control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text))
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
