import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type YAMLError,
  type Node as YamlNode,
} from 'yaml'
import type { DiagnosticCode } from './diagnostic.ts'
import type { MapEntry, Node, Range } from './tree.ts'
import { quote } from './tree.ts'
import { yamlProblem } from './yaml-problems.ts'

/** Lists and maps inside each other, at most. */
const maxDepth = 64
/** Nodes that aliases may stand for, all together: far above what people write, far below a YAML bomb. */
const maxAliasedNodes = 50_000
/** Brackets left open before YAML is even asked: its parser is recursive. */
const maxOpenBrackets = 500

export type Report = (code: DiagnosticCode, at: Range, message: string, hint?: string) => void

/** Reads YAML 1.2 with merge keys. `undefined` when there is nothing sound to look at; `report` has said why. */
export function readTree(text: string, report: Report): Node | undefined {
  const deep = openBracketsAbove(text, maxOpenBrackets)
  if (deep !== undefined) return tooDeep(report, { from: deep, to: deep + 1 })
  const document = parseDocument(text, {
    prettyErrors: false,
    // The parser compares every key with every other: a map of 60,000 keys takes half a minute. We look ourselves.
    uniqueKeys: false,
    schema: 'core',
    version: '1.2',
  })
  if (reportSyntax(document, report)) return undefined
  if (document.contents === null) return undefined
  return new Builder(text, report).build(document.contents)
}

/** True when the document cannot be used. */
function reportSyntax(document: Document.Parsed, report: Report): boolean {
  const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const version = document.directives?.yaml
  if (version?.explicit && version.version !== '1.2')
    report('yaml-version', { from: 0, to: 0 }, 'Scenarios are YAML 1.2.', 'Remove the %YAML line.')
  const exhausted = problems.find(problem => problem.code === 'RESOURCE_EXHAUSTION')
  // Where the stack ends is chance, so the place is the file's beginning.
  if (exhausted) tooDeep(report, { from: 0, to: 0 })
  else
    for (const problem of problems) {
      const at = { from: problem.pos[0], to: problem.pos[1] }
      if (problem.code === 'TAG_RESOLVE_FAILED')
        report(
          'yaml-tag',
          at,
          'Scenarios know no tags of their own.',
          'Remove it; or quote the text if it begins with "!".',
        )
      else {
        const { code, message, hint } = yamlProblem(problem.code, problem.message)
        report(code, unclosedQuote(document, problem) ?? at, message, hint)
      }
    }
  return problems.length > 0 || (version?.explicit === true && version.version !== '1.2')
}

/** Where a quote that is never closed was opened: the parser points at the end of the file. */
function unclosedQuote(document: Document.Parsed, { code, message, pos }: YAMLError): Range | undefined {
  if (code !== 'MISSING_CHAR' || !/closing ['"]/.test(message)) return undefined
  let found: Range | undefined
  visit(document, {
    Scalar(_key, { type, range }) {
      const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
      if (quoted && range && range[0] < pos[0] && range[1] >= pos[0]) found = { from: range[0], to: range[1] }
    },
  })
  return found
}

function tooDeep(report: Report, at: Range): undefined {
  report('too-deep', at, `Lists and maps are nested more than ${maxDepth} deep.`, 'A scenario needs about ten levels.')
}

/** The first place with more than `limit` brackets open, quotes not looked at. */
function openBracketsAbove(text: string, limit: number): number | undefined {
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x5b || char === 0x7b) open++
    else if ((char === 0x5d || char === 0x7d) && open > 0) open--
    if (open > limit) return i
  }
  return undefined
}

/** Thrown to leave the recursion once the whole document is refused; the reason is already reported. */
class Refused extends Error {}

class Builder {
  private readonly anchors = new Map<string, { node: Node; size: number } | 'open'>()
  private readonly sizes = new Map<Node, number>()
  private readonly text: string
  private readonly report: Report
  private aliased = 0
  /** Something was reported after which what the tree says is not what was meant. */
  private broken = false

  constructor(text: string, report: Report) {
    this.text = text
    this.report = report
  }

  build(root: YamlNode): Node | undefined {
    try {
      const node = this.node(root, 0)
      return this.broken ? undefined : node
    } catch (error) {
      if (error instanceof Refused) return undefined
      throw error
    }
  }

  private node(yaml: YamlNode, depth: number): Node {
    const range = rangeOf(yaml)
    if (depth > maxDepth) {
      tooDeep(this.report, range)
      throw new Refused()
    }
    if (isAlias(yaml)) return this.alias(yaml.source, range)
    const anchor = yaml.anchor
    if (anchor) this.anchors.set(anchor, 'open')
    const node = this.content(yaml, range, depth)
    const size = this.sizeOf(node)
    this.sizes.set(node, size)
    if (anchor) this.anchors.set(anchor, { node, size })
    return node
  }

  private content(yaml: YamlNode, range: Range, depth: number): Node {
    if (isSeq(yaml)) {
      const items = yaml.items.map(item => this.child(item, range, depth))
      return { type: 'list', ...range, items }
    }
    if (isMap(yaml)) {
      const entries: MapEntry[] = []
      const merges: Node[] = []
      const names = new Set<string>()
      for (const pair of yaml.items) {
        const key: unknown = pair.key
        const keyNode = isNode(key) ? key : undefined
        const keyRange = keyNode ? rangeOf(keyNode) : range
        const value = this.child(pair.value, { from: keyRange.to, to: keyRange.to }, depth)
        if (!isScalar(keyNode) || keyNode.value === null) {
          this.report('bad-key', keyRange, 'A key is a plain word here, not a list, a map or nothing.')
          continue
        }
        const name = typeof keyNode.value === 'string' ? keyNode.value : (keyNode.source ?? String(keyNode.value))
        if (name === '<<' && keyNode.type === 'PLAIN') {
          merges.push(value)
          continue
        }
        if (names.has(name)) {
          this.report(
            'duplicate-key',
            keyRange,
            `The key ${quote(name)} is written twice in this map.`,
            'Keep one of them.',
          )
          continue
        }
        names.add(name)
        entries.push({ key: name, keyRange, value, bare: pair.value === null })
      }
      for (const merge of merges) this.merge(merge, entries, names)
      return { type: 'map', ...range, flow: yaml.flow === true, entries }
    }
    if (isScalar(yaml)) {
      const value = yaml.value
      const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      const plain = yaml.type === 'PLAIN' || yaml.type === undefined
      const source = typeof value === 'string' ? value : this.text.slice(range.from, range.to)
      return { type: 'scalar', ...range, value: known ? value : null, source, plain }
    }
    return { type: 'scalar', ...range, value: null, source: '', plain: true }
  }

  private child(yaml: unknown, around: Range, depth: number): Node {
    if (isNode(yaml)) return this.node(yaml, depth + 1)
    const nothing: Node = { type: 'scalar', ...around, value: null, source: '', plain: true }
    this.sizes.set(nothing, 1)
    return nothing
  }

  private alias(name: string, range: Range): Node {
    const target = this.anchors.get(name)
    if (target === undefined || target === 'open') {
      const message = target
        ? `The alias *${name} stands inside itself.`
        : `There is no anchor &${name} before this alias.`
      this.report('bad-alias', range, message, 'Write &name on the first, *name on the later ones.')
      this.broken = true
      return { type: 'scalar', ...range, value: null, source: '', plain: true }
    }
    this.aliased += target.size
    if (this.aliased > maxAliasedNodes) {
      this.report('alias-bomb', range, `The aliases of this file stand for more than ${maxAliasedNodes} values.`)
      throw new Refused()
    }
    const node = { ...target.node, ...range }
    this.sizes.set(node, target.size)
    return node
  }

  /** Adds what `entries` does not have; of several maps the first wins. */
  private merge(node: Node, entries: MapEntry[], names: Set<string>): void {
    const sources = node.type === 'list' ? node.items : [node]
    for (const source of sources) {
      if (source.type !== 'map') {
        this.report('bad-merge', source, 'The merge key "<<" takes a map, or a list of maps.', 'Write: <<: *name')
        continue
      }
      for (const entry of source.entries) {
        if (names.has(entry.key)) continue
        names.add(entry.key)
        entries.push(entry)
      }
    }
  }

  private sizeOf(node: Node): number {
    const size = (child: Node) => this.sizes.get(child) ?? 1
    if (node.type === 'list') return node.items.reduce((sum, item) => sum + size(item), 1)
    if (node.type === 'map') return node.entries.reduce((sum, entry) => sum + 1 + size(entry.value), 1)
    return 1
  }
}

function isNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)
}

function rangeOf(node: YamlNode): Range {
  const range = node.range
  return range ? { from: range[0], to: range[1] } : { from: 0, to: 0 }
}
