import { parseDuration } from '../../lib/duration.ts'
import type { AppPerform, Told } from '../../model/app.ts'
import { valueAt } from '../../model/app-path.ts'
import type { Settlement } from '../../model/integration.ts'
import { textOf, textOfBody } from '../../workload/answer.ts'
import { failure, type Sent } from './send.ts'

/** What an app answered, read once. */
export interface AppAnswer {
  readonly text: string | undefined
  /** The JSON values in the body: one, or the events of a stream, in order. */
  readonly values: readonly unknown[]
  readonly headers: Readonly<Record<string, string>>
}

/** Reads a body: JSON, a stream of events or of lines with JSON in them, or text. */
export function readAnswer({ headers, body }: Sent, path: string | undefined): AppAnswer {
  const type = headers['content-type'] ?? ''
  const values = valuesIn(body, type)
  return { text: path === undefined ? wholeText(body, type, values) : textAt(values, path), values, headers }
}

const isLines = (type: string) => /ndjson|jsonl/.test(type)

/** Many apps forget to say that it is JSON. */
function valuesIn(body: string, type: string): readonly unknown[] {
  if (type.includes('event-stream'))
    return body
      .split(/\r\n|\r|\n/)
      .filter(line => line.startsWith('data:'))
      .flatMap(line => parsed(line.slice('data:'.length)))
  return isLines(type) ? body.split('\n').flatMap(parsed) : parsed(body)
}

function parsed(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return []
  }
}

function wholeText(body: string, type: string, values: readonly unknown[]): string | undefined {
  return isLines(type) ? values.map(value => textOf(value) ?? '').join('') : textOfBody(body, type)
}

/** Of a stream, the pieces in order. */
function textAt(values: readonly unknown[], path: string): string | undefined {
  const pieces = values.flatMap(value => {
    const piece = valueAt(value, path)
    if (piece === undefined || piece === null) return []
    const text = textOf(Array.isArray(piece) ? { content: piece } : piece)
    return [text ?? (typeof piece === 'object' ? JSON.stringify(piece) : String(piece))]
  })
  return pieces.length === 0 ? undefined : pieces.join('')
}

/** The app's own word on its answer. Rejects what the config gives no meaning to: that is no word at all. */
export function settlementOf(answer: AppAnswer, spec: AppPerform): Settlement {
  const outcome = spec.outcome && told(answer, spec.outcome)
  if (!isOutcome(outcome))
    throw failure(
      'UnknownOutcome',
      outcome === undefined
        ? `The answer says nothing at ${placeOf(spec.outcome)}.`
        : `The answer says ${JSON.stringify(outcome)} at ${placeOf(spec.outcome)}, which perform.outcome does not know.`,
    )
  const source = spec.source && told(answer, spec.source)
  const labelled = spec.labelled && told(answer, spec.labelled)
  const ageMs = spec.age && ageOf(told(answer, spec.age), spec.age.unit)
  return {
    outcome,
    ...(answer.text !== undefined && { text: answer.text }),
    ...(isSource(source) && { source }),
    ...(labelled !== undefined && labelled !== null && { labelled: labelled === true || labelled === 'true' }),
    ...(ageMs !== undefined && { ageMs }),
  }
}

/** What an answer tells, in our words where a map has them. A stream has the last word. */
function told<T>({ values, headers }: AppAnswer, { path, header, map }: Told<T>): unknown {
  const said =
    header !== undefined
      ? headers[header.toLowerCase()]
      : path === undefined
        ? undefined
        : values.map(value => valueAt(value, path)).findLast(value => value !== undefined)
  if (map === undefined) return said
  const key = String(said)
  return Object.hasOwn(map, key) ? map[key] : (map['*'] ?? said)
}

function placeOf(where: Told<unknown> | undefined): string {
  return where?.header === undefined ? `${where?.path}` : `the header ${where.header}`
}

function isOutcome(value: unknown): value is Settlement['outcome'] {
  return value === 'ok' || value === 'degraded' || value === 'queued' || value === 'failed'
}

function isSource(value: unknown): value is NonNullable<Settlement['source']> {
  return value === 'live' || value === 'cache' || value === 'fallback' || value === 'queue'
}

function ageOf(value: unknown, unit: 'ms' | 's' = 's'): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const number = Number(value)
  if (Number.isFinite(number)) return number * (unit === 's' ? 1_000 : 1)
  return typeof value === 'string' ? parseDuration(value) : undefined
}
