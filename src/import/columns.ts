import { suggest } from '../lib/suggest.ts'
import type { ImportProblem } from './problem.ts'

/** What a column of a log may be. */
export type Column = 'time' | 'status' | 'latency' | 'model' | 'streaming' | 'surface'

/** Names without case, blanks and punctuation; the first in the file wins. */
const names: Readonly<Record<Column, readonly string[]>> = {
  time: ['time', 'timestamp', 'ts', 'datetime', 'date', 'when', 'start', 'starttime', 'startedat', 'createdat', 't'],
  status: ['status', 'statuscode', 'httpstatus', 'code', 'responsecode', 'result', 'outcome', 'error'],
  latency: ['latency', 'latencyms', 'latencys', 'duration', 'durationms', 'durations', 'elapsed', 'elapsedms', 'took']
    .concat(['responsetime', 'responsetimems', 'ms', 'seconds', 'latencyseconds', 'durationseconds', 'latencysec'])
    .concat(['durationsec', 'latencymillis', 'durationmillis', 'rt', 'totaltime', 'requesttime']),
  model: ['model', 'modelname', 'modelid'],
  streaming: ['streaming', 'stream', 'isstream', 'isstreaming', 'streamed'],
  surface: ['surface', 'path', 'endpoint', 'url', 'uri', 'route', 'requestpath'],
}

/** Where each column stands, and the unit that a header tells. */
export interface Header {
  readonly at: Readonly<Partial<Record<Column, number>>>
  readonly latencyUnit: 'ms' | 's' | undefined
  /** Headers that mean nothing here. */
  readonly ignored: readonly string[]
}

/** Reads a header line; problems where what is needed is not there. */
export function readHeader(cells: readonly string[]): Header | readonly ImportProblem[] {
  const plain = cells.map(cell => cell.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const at: Partial<Record<Column, number>> = {}
  for (const column of columns) {
    const place = plain.findIndex(name => names[column].includes(name))
    if (place !== -1) at[column] = place
  }
  const missing = (['time', 'status'] as const).filter(column => at[column] === undefined)
  if (missing.length > 0) return missing.map(column => missingColumn(column, cells))
  const used = new Set(Object.values(at))
  const ignored = cells.filter((cell, i) => !used.has(i) && cell.trim() !== '')
  return { at, ignored, latencyUnit: unitOf(plain[at.latency ?? -1] ?? '') }
}

const columns = ['time', 'status', 'latency', 'model', 'streaming', 'surface'] as const satisfies readonly Column[]

function unitOf(name: string): 'ms' | 's' | undefined {
  if (/(?:ms|millis)$/.test(name)) return 'ms'
  return /(?:seconds|sec)$|^(?:latencys|durations)$/.test(name) ? 's' : undefined
}

function missingColumn(column: 'time' | 'status', cells: readonly string[]): ImportProblem {
  const found = cells.map(cell => cell.trim()).filter(Boolean)
  const meant = found.find(cell => cell.length > 2 && suggest(cell.toLowerCase(), names[column]) !== undefined)
  const looksLikeData =
    found.length > 0 &&
    found.every(cell => /\d/.test(cell) && (!/[a-z]{2}/i.test(cell) || /^\d{4}-\d\d-\d\d/.test(cell)))
  const hint = looksLikeData
    ? 'The first line looks like data. Put a header above it: time,status,latency.'
    : meant
      ? `Is it "${meant}"? Name it "${column}".`
      : `Found: ${found.slice(0, 12).join(', ') || 'nothing'}. Name one of them "${column}".`
  return { line: 1, message: `There is no column for the ${column}.`, hint }
}
