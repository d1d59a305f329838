/** How the times of a column are spelled; one way for all of it. */
export type TimeKind =
  | 'iso'
  | 'iso-without-zone'
  | 'seconds'
  | 'milliseconds'
  | 'microseconds'
  | 'nanoseconds'
  | 'relative'

export interface Moment {
  /** Ms since the epoch, or since the log's own zero. */
  readonly ms: number
  readonly kind: TimeKind
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i
const number = /^\d+(?:\.\d+)?(?:e\+?\d+)?$/i

/** Reads `2026-03-02T11:00:00Z`, `2026-03-02 11:00:00`, epoch seconds to nanoseconds, or seconds since a zero of its own. */
export function parseMoment(text: string): Moment | undefined {
  const cell = text.trim()
  if (number.test(cell)) return fromNumber(Number(cell))
  const [matched, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = iso.exec(cell) ?? []
  if (matched === undefined) return undefined
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const
  const ms = Date.UTC(...parts) + Math.floor(Number(`0.${fraction || 0}`) * 1000)
  const back = new Date(ms)
  const isReal =
    back.getUTCMonth() === parts[1] && back.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60 && parts[5] < 60
  if (!isReal) return undefined
  return zone === undefined ? { ms, kind: 'iso-without-zone' } : { ms: ms - offsetMs(zone), kind: 'iso' }
}

/** Told by size: seconds of our time have ten digits, milliseconds thirteen. */
function fromNumber(value: number): Moment | undefined {
  if (value < 1e8) return { ms: Math.round(value * 1e3), kind: 'relative' }
  if (value < 1e11) return { ms: Math.round(value * 1e3), kind: 'seconds' }
  if (value < 1e14) return { ms: Math.round(value), kind: 'milliseconds' }
  if (value < 1e17) return { ms: Math.round(value / 1e3), kind: 'microseconds' }
  return value < 1e20 ? { ms: Math.round(value / 1e6), kind: 'nanoseconds' } : undefined
}

function offsetMs(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
