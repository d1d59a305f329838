import type { AppReport } from '../journal/event.ts'
import { redact, withoutPlace } from '../journal/redact.ts'
import type { Json } from '../model/scenario.ts'
import { shortHash } from '../providers/hash.ts'
import { answerState } from '../workload/answer.ts'

/** A hook that the app calls itself. */
export type Hook = Exclude<AppReport['hook'], 'health'>

type Detail = { readonly [name: string]: Json }

/** What is right for a field, in words, and what the journal keeps of a value that is. */
interface Field {
  readonly expected: string
  /** `undefined` when the value is wrong. */
  keep(value: unknown): Json | undefined
  readonly isOptional?: true
}

/** A text of the app's own, for people. */
const words: Field = {
  expected: 'text',
  keep: value => (isName(value) ? withoutPlace(redact(String(value))) : undefined),
}

/** A text that is compared: kept as it is where it may be, and by its hash where it is long or tells too much. */
const name: Field = {
  expected: 'text that is not empty',
  keep: value => (isName(value) && value !== '' ? nameOf(String(value)) : undefined),
}

const ms: Field = {
  expected: 'a number of ms, 0 or more',
  keep: value => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined),
}

const ordinal: Field = {
  expected: 'a whole number, 1 or more',
  keep: value => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined),
}

function oneOf(...options: readonly string[]): Field {
  return {
    expected: `one of ${options.join(', ')}`,
    keep: value => (typeof value === 'string' && options.includes(value) ? value : undefined),
  }
}

const optional = (field: Field): Field => ({ ...field, isOptional: true })

const fields: Readonly<Record<Hook, Readonly<Record<string, Field>>>> = {
  breaker: { key: name, state: oneOf('open', 'half-open', 'closed') },
  cache: { op: oneOf('hit', 'write', 'evict'), key: name, ageMs: optional(ms) },
  queue: {
    op: oneOf('accepted', 'started', 'done', 'dead', 'expired', 'rejected'),
    job: name,
    reason: optional(words),
  },
  tool: { id: name, name, effect: optional(oneOf('none', 'once')), key: optional(name) },
  retry: { cause: words, delayMs: ms, attempt: ordinal },
}

/**
 * What the journal keeps of a report, or what is wrong with it, in words. Of a cache's text only what its marks say is
 * kept, `question` being that of the task in which it was told.
 */
export function readReport(hook: Hook, told: unknown, question: string | undefined): Detail | string {
  if (typeof told !== 'object' || told === null) return `${sayKind(told)} where an object was expected`
  const detail: Record<string, Json> = {}
  for (const [field, { keep, expected, isOptional }] of Object.entries(fields[hook])) {
    const value: unknown = Reflect.get(told, field)
    if (isOptional && (value ?? undefined) === undefined) continue
    const kept = keep(value)
    if (kept === undefined) return `${field} is ${sayKind(value)}, expected ${expected}`
    detail[field] = kept
  }
  if (hook !== 'cache') return detail
  const text: unknown = Reflect.get(told, 'text') ?? undefined
  if (text === undefined) return detail
  if (typeof text !== 'string') return `text is ${sayKind(text)}, expected text`
  return { ...detail, ...readMarks(text, question) }
}

function readMarks(text: string, question: string | undefined): Detail {
  const own = /\[(?:q|end):([^\]\n]{1,80})\]/.exec(text)?.[1]
  const state = answerState(text, own ?? question ?? '')
  const isForeign = state === 'complete' && question !== undefined && own !== question
  return { answer: isForeign ? 'foreign' : state, ...(own !== undefined && { question: redact(own) }) }
}

const longestName = 80

function nameOf(text: string): string {
  return text.length <= longestName && redact(text) === text ? text : `#${shortHash(text)}`
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

/** The kind of a value; never the value, which may be a prompt. */
function sayKind(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (value === '') return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : typeof value === 'function' ? 'a function' : `a ${typeof value}`
}
