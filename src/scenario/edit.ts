import { type Document, isCollection, isScalar, parseDocument, stringify } from 'yaml'
import { UsageError } from '../lib/errors.ts'

export interface Edit {
  /** `['phases', 0, 'for']`. */
  readonly path: readonly (string | number)[]
  /** In the file's spelling (`'90s'`, not 90000); `undefined` removes the key or item. */
  readonly value: unknown
}

/**
 * Changes values of a scenario file in place; comments and order survive. A scalar that replaces a scalar touches
 * nothing else in the file; larger changes may move spaces.
 *
 * Throws a `UsageError` when the text is not YAML or the path leads nowhere.
 */
export function editScenario(text: string, edits: readonly Edit[]): string {
  return edits.reduce(applyEdit, text)
}

function applyEdit(text: string, edit: Edit): string {
  const document = parseDocument(text, { merge: true, prettyErrors: false })
  const [error] = document.errors
  if (error)
    throw new UsageError('Failed to edit the scenario: it is not valid YAML.', 'Run "blackstart check" on it first.')
  return replaceScalar(text, document, edit) ?? replaceNode(document, edit)
}

/** Cuts the new scalar into the text where the old one stood; `undefined` when it is not that simple. */
function replaceScalar(text: string, document: Document.Parsed, { path, value }: Edit): string | undefined {
  const node: unknown = document.getIn(path, true)
  if (!isScalar(node) || !node.range || isBlock(node.type) || value === undefined || typeof value === 'object')
    return undefined
  const [from, to] = node.range
  // Nothing stands there, or an anchor or tag before it would lose its value.
  if (from === to) return undefined
  // In a flow map, so that commas and brackets are quoted in it.
  const inFlow = stringify([value], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
  return `${text.slice(0, from)}${inFlow.trim().slice(1, -1)}${text.slice(to)}`
}

function isBlock(type: string | null | undefined): boolean {
  return type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL'
}

function replaceNode(document: Document.Parsed, { path, value }: Edit): string {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  if (!isCollection(parent))
    throw new UsageError(`Failed to edit the scenario: there is no ${JSON.stringify(path.slice(0, -1))} in it.`)
  if (value === undefined) document.deleteIn(path)
  else document.setIn(path, value)
  return document.toString({ lineWidth: 0 })
}
