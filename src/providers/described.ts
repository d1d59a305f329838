import { asText, isRecord, type JsonRecord } from './json.ts'

const numbers = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]
const texts = ['pattern', 'format']
const spelled = new Map([...numbers, ...texts, 'uniqueItems'].map(name => [inWords(name), name]))
const betweenPairs = new RegExp(`; (?=(?:${[...spelled.keys(), 'not'].join('|')}): )`)

/**
 * The schema with the constraints that only its description tells. Where a provider's structured output does not take a
 * constraint, SDKs leave it to the model in words: `{minimum: 2, maximum: 5}` (Anthropic's own, and LangChain with it)
 * or `minimum: 2; maximum: 5.` (the Vercel AI SDK), each after what the description said before.
 */
export function withDescribed(schema: JsonRecord): JsonRecord {
  const description = asText(schema['description'])
  if (description === undefined || !description.includes(': ')) return schema
  const told = description.endsWith('}') ? inBraces(description) : inLastLine(description)
  const known = Object.entries(told).filter(([name, value]) => isConstraint(name, value))
  return known.length === 0 ? schema : { ...Object.fromEntries(known), ...schema }
}

function isConstraint(name: string, value: unknown): boolean {
  if (numbers.includes(name)) return typeof value === 'number'
  return texts.includes(name) ? typeof value === 'string' : name === 'uniqueItems' && value === true
}

/** Values are JSON, names are not quoted. */
function inBraces(description: string): JsonRecord {
  const inner = /(?:^|\n\n)\{(.*)\}$/s.exec(description)?.[1] ?? ''
  return parsed(`{${inner.replaceAll(/(^|, )(\$?[A-Za-z]\w*): /g, '$1"$2": ')}}`)
}

function inLastLine(description: string): JsonRecord {
  const line = description.slice(description.lastIndexOf('\n') + 1).replace(/\.$/, '')
  const told: Record<string, unknown> = {}
  for (const pair of line.split(betweenPairs)) {
    const at = pair.indexOf(': ')
    const name = spelled.get(pair.slice(0, at))
    const value = pair.slice(at + 2)
    if (name !== undefined) told[name] = texts.includes(name) ? value : parsed(`{"it":${value}}`)['it']
  }
  return told
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function parsed(text: string): JsonRecord {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
