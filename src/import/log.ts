import { type Column, type Header, readHeader } from './columns.ts'
import { type DelimitedRow, delimitedRows, delimiterOf } from './delimited.ts'
import { Interned } from './interned.ts'
import { parseLatency } from './latency.ts'
import { type Moment, parseMoment, type TimeKind } from './moments.ts'
import type { ImportProblem } from './problem.ts'
import { type Meaning, meaningOf, statusWords } from './statuses.ts'
import { plural } from './words.ts'

/** Requests of a log, oldest first, by column. */
export interface Log {
  /** Ms; see `timeKind`. */
  readonly times: Float64Array
  /** Index into `meanings`. */
  readonly kinds: Uint16Array
  readonly meanings: readonly Meaning[]
  /** Ms; NaN where there is none. */
  readonly latencies: Float64Array
  readonly dimensions: readonly Dimension[]
  readonly timeKind: TimeKind
  /** What a person should know of how it was read. */
  readonly notices: readonly string[]
}

/** A column that requests may be told apart by. */
export interface Dimension {
  readonly name: 'model' | 'streaming' | 'surface'
  readonly values: readonly string[]
  /** Index into `values`. */
  readonly of: Uint16Array
}

export interface ReadLogOptions {
  /** Unit of plain numbers in the column of latencies; told by the header or the numbers when absent. */
  readonly latencyUnit?: 'ms' | 's'
}

/** The largest count of values that a dimension may have. */
const mostValues = 200
const problemsAtMost = 100

/** Reads a CSV of requests. Bad cells are problems with their line; all of them are told, up to a limit. */
export function readLog(text: string, options: ReadLogOptions = {}): Log | readonly ImportProblem[] {
  const plain = text.replace(/^\uFEFF/, '')
  const first = plain.split(/\r?\n/).find(line => line.trim() !== '')
  if (first === undefined)
    return [
      { message: 'The file is empty.', hint: 'It should have a header, time,status,latency, and a row a request.' },
    ]
  const rows = delimitedRows(plain, delimiterOf(first))
  const head = rows.next().value
  const header = readHeader(head ? head.cells : [])
  if (isProblems(header)) return header
  const reading = new Reading(header)
  for (const row of rows) if (!reading.take(row)) break
  return reading.log(options)
}

export function isProblems(value: object): value is readonly ImportProblem[] {
  return Array.isArray(value)
}

/** The rows so far, and what was wrong with them. */
class Reading {
  private readonly header: Header
  private readonly times: number[] = []
  private readonly lines: number[] = []
  private readonly kinds: number[] = []
  private readonly latencies: number[] = []
  private readonly meanings = new Interned<Meaning>()
  private readonly known = new Map<string, number>()
  private readonly dimensions: readonly { name: Dimension['name']; values: Interned<string>; of: number[] }[]
  private readonly problems: ImportProblem[] = []
  private timeKind: TimeKind | undefined
  private hasUnits = false

  constructor(header: Header) {
    this.header = header
    this.dimensions = (['model', 'streaming', 'surface'] as const)
      .filter(name => header.at[name] !== undefined)
      .map(name => ({ name, values: new Interned<string>(), of: [] }))
  }

  /** `false` once there is no point in going on. */
  take(row: DelimitedRow): boolean {
    const moment = this.momentOf(row)
    const kind = this.kindOf(row)
    const latency = this.latencyOf(row)
    if (this.problems.length >= problemsAtMost) return false
    if (moment === undefined || kind === undefined || latency === undefined) return true
    this.times.push(moment)
    this.lines.push(row.line)
    this.kinds.push(kind)
    this.latencies.push(latency)
    for (const dimension of this.dimensions)
      dimension.of.push(dimension.values.of(cellOf(row, this.header, dimension.name)))
    return true
  }

  private momentOf(row: DelimitedRow): number | undefined {
    const cell = cellOf(row, this.header, 'time')
    const moment: Moment | undefined = parseMoment(cell)
    if (!moment)
      return this.refuse(
        row,
        `"${clip(cell)}" is no time.`,
        'Write 2026-03-02T11:00:00Z, or seconds or milliseconds since 1970.',
      )
    this.timeKind ??= moment.kind
    if (this.timeKind === moment.kind) return moment.ms
    return this.refuse(
      row,
      `"${clip(cell)}" reads as ${spelled[moment.kind]}, and the rows before as ${spelled[this.timeKind]}.`,
      'One column of times has one spelling.',
    )
  }

  private kindOf(row: DelimitedRow): number | undefined {
    const cell = cellOf(row, this.header, 'status')
    const known = this.known.get(cell)
    if (known !== undefined) return known
    const meaning = meaningOf(cell)
    if (!meaning) return this.refuse(row, `"${clip(cell)}" is no status.`, `Known are ${statusWords}.`)
    const kind = this.meanings.of(meaning, meaning.name)
    // A log of a million rows has a handful of them.
    if (this.known.size < 10_000) this.known.set(cell, kind)
    return kind
  }

  private latencyOf(row: DelimitedRow): number | undefined {
    const cell = cellOf(row, this.header, 'latency')
    const latency = parseLatency(cell)
    if (!latency)
      return this.refuse(row, `"${clip(cell)}" is no latency.`, 'Write a number of milliseconds, or 120ms, or 1.2s.')
    if (latency.hasUnit) this.hasUnits = true
    return latency.value
  }

  private refuse(row: DelimitedRow, message: string, hint: string): undefined {
    this.problems.push({ line: row.line, message, hint })
    return undefined
  }

  log({ latencyUnit }: ReadLogOptions): Log | readonly ImportProblem[] {
    if (this.problems.length > 0) return this.problems
    if (this.times.length === 0)
      return [
        { line: 2, message: 'There is a header and no row.', hint: 'An outage is told by its requests: a row each.' },
      ]
    const notices: string[] = []
    const order = this.sorted(notices)
    const scale = this.latencyScale(latencyUnit, notices)
    const { ignored } = this.header
    if (ignored.length > 0)
      notices.push(
        `Left aside: ${plural(ignored.length, 'column')} (${ignored
          .slice(0, 8)
          .map(name => clip(name.trim()))
          .join(', ')}).`,
      )
    if (this.timeKind === 'iso-without-zone') notices.push('The times name no zone: they are taken as UTC.')
    if (this.timeKind === 'relative') notices.push('The times are taken as seconds since the beginning.')
    return {
      times: Float64Array.from(order, i => this.times[i] ?? 0),
      kinds: Uint16Array.from(order, i => this.kinds[i] ?? 0),
      meanings: this.meanings.values,
      latencies: Float64Array.from(order, i => (this.latencies[i] ?? Number.NaN) * scale),
      dimensions: this.usable(order, notices),
      timeKind: this.timeKind ?? 'iso',
      notices,
    }
  }

  /** Row numbers by time; rows of one time keep their order. */
  private sorted(notices: string[]): Uint32Array {
    const { times } = this
    const order = Uint32Array.from(times, (_, i) => i)
    const late = times.findIndex((time, i) => time < (times[i - 1] ?? Number.NEGATIVE_INFINITY))
    if (late === -1) return order
    notices.push(`Rows are not in the order of time, first on line ${this.lines[late]}: they were sorted.`)
    return order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
  }

  private latencyScale(asked: 'ms' | 's' | undefined, notices: string[]): number {
    const unit = asked ?? this.header.latencyUnit
    // Cells with a unit of their own are in ms already.
    if (this.hasUnits) return 1
    if (unit !== undefined) return unit === 's' ? 1000 : 1
    const numbers = this.latencies.filter(value => value > 0)
    if (numbers.length === 0) return 1
    const isSeconds = numbers.some(value => !Number.isInteger(value)) && numbers.every(value => value < 1000)
    notices.push(
      `Latency is taken as ${isSeconds ? 'seconds' : 'milliseconds'}; --latency ${isSeconds ? 'ms' : 's'} says otherwise.`,
    )
    return isSeconds ? 1000 : 1
  }

  private usable(order: Uint32Array, notices: string[]): readonly Dimension[] {
    return this.dimensions.flatMap(({ name, values, of }) => {
      if (values.values.length > mostValues) {
        notices.push(`The column of the ${name} has ${plural(values.values.length, 'value')} and is left aside.`)
        return []
      }
      return [{ name, values: values.values, of: Uint16Array.from(order, i => of[i] ?? 0) }]
    })
  }
}

const spelled: Readonly<Record<TimeKind, string>> = {
  iso: 'a date with a zone',
  'iso-without-zone': 'a date without a zone',
  seconds: 'seconds since 1970',
  milliseconds: 'milliseconds since 1970',
  microseconds: 'microseconds since 1970',
  nanoseconds: 'nanoseconds since 1970',
  relative: 'seconds since the beginning',
}

function cellOf(row: DelimitedRow, header: Header, column: Column): string {
  return row.cells[header.at[column] ?? -1] ?? ''
}

function clip(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, ' ')
  return plain.length <= 40 ? plain : `${plain.slice(0, 39)}…`
}
