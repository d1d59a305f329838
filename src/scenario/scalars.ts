import { suggest } from '../lib/suggest.ts'
import type { Reading } from './reading.ts'
import { refuse, type Shape, written } from './shape.ts'
import type { Node } from './tree.ts'

interface TextOptions {
  readonly pattern?: RegExp
  readonly hint?: string
}

/** A text; `pattern` holds for all of it. */
export function text(name = 'a text', { pattern, hint }: TextOptions = {}): Shape<string> {
  return {
    name,
    read(node, _path, reading) {
      if (node.type !== 'scalar' || typeof node.value !== 'string')
        return refuse(reading, node, 'wrong-type', name, quoteHint(node) ?? hint)
      if (pattern && !pattern.test(node.value)) return refuse(reading, node, 'bad-name', name, hint)
      return node.value
    },
    write: written,
    schema: () => ({ type: 'string', ...(pattern && { pattern: pattern.source }) }),
  }
}

/** What to do when a text was meant and YAML read something else. */
function quoteHint(node: Node): string | undefined {
  if (node.type === 'scalar' && node.value !== null) return `Quote it: "${node.source}".`
  if (node.type === 'map') return 'If it is one text, quote this text: a ": " inside makes it a map.'
  return undefined
}

/** `chat-before-api`. */
export const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** An id in kebab-case. */
export function id(name: string): Shape<string> {
  return text(`${name} in kebab-case`, {
    pattern: kebab,
    hint: 'Small letters, digits and single hyphens: chat-before-api.',
  })
}

/** `true` or `false`. */
export const flag: Shape<boolean> = {
  name: 'true or false',
  read(node, _path, reading) {
    if (node.type === 'scalar' && typeof node.value === 'boolean') return node.value
    const isWord = node.type === 'scalar' && typeof node.value === 'string' && /^(yes|no|on|off)$/i.test(node.value)
    return refuse(reading, node, 'wrong-type', 'true or false', isWord ? 'In YAML 1.2 this is a text.' : undefined)
  },
  write: written,
  schema: () => ({ type: 'boolean' }),
}

/** One of a few words. */
export function choice<T extends string>(...options: readonly T[]): Shape<T> {
  const name = `one of ${options.join(', ')}`
  const isOption = (value: unknown): value is T => options.some(option => option === value)
  return {
    name,
    read(node, _path, reading) {
      if (node.type === 'scalar' && isOption(node.value)) return node.value
      return refuse(reading, node, 'bad-choice', name, didYouMean(node, options))
    },
    write: written,
    schema: () => ({ enum: options }),
  }
}

/** `Did you mean "x"?`, when a text stands there and one is near. */
export function didYouMean(node: Node, candidates: Iterable<string>): string | undefined {
  if (node.type !== 'scalar' || typeof node.value !== 'string') return undefined
  const meant = node.value.length > 60 ? undefined : suggest(node.value, candidates)
  return meant === undefined ? undefined : `Did you mean "${meant}"?`
}

export interface NumberOptions {
  readonly integer?: boolean
  readonly min?: number
  readonly max?: number
  readonly unit?: string
}

/** A plain number within limits. */
export function number({ integer = false, min, max, unit }: NumberOptions = {}): Shape<number> {
  const kind = integer ? 'a whole number' : 'a number'
  const limits = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean)
  const name = `${kind}${unit ? ` (${unit})` : ''}${limits.length > 0 ? ` of ${limits.join(' and ')}` : ''}`
  return {
    name,
    read(node, _path, reading) {
      if (node.type !== 'scalar' || typeof node.value !== 'number') {
        const quoted = node.type === 'scalar' && typeof node.value === 'string' && /^\d+(\.\d+)?$/.test(node.value)
        return refuse(reading, node, 'wrong-type', name, quoted ? 'Remove the quotes.' : undefined)
      }
      const { value } = node
      const fits = integer ? Number.isSafeInteger(value) : Number.isFinite(value)
      if (!fits || (min !== undefined && value < min) || (max !== undefined && value > max))
        return refuse(reading, node, 'bad-number', name)
      return value
    },
    write: written,
    schema: () => ({
      type: integer ? 'integer' : 'number',
      ...(min !== undefined && { minimum: min }),
      ...(max !== undefined ? { maximum: max } : integer && { maximum: Number.MAX_SAFE_INTEGER }),
    }),
  }
}

/** A count: 1 or more. */
export const count = number({ integer: true, min: 1 })

/** One value and no other. */
export function literal<T extends string | number | boolean>(
  only: T,
  refusal: (node: Node, reading: Reading) => void,
): Shape<T> {
  return {
    name: String(only),
    read(node, _path, reading) {
      if (node.type === 'scalar' && node.value === only) return only
      refusal(node, reading)
      return undefined
    },
    write: written,
    schema: () => ({ const: only }),
  }
}
