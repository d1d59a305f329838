import { formatDuration, parseDuration } from '../lib/duration.ts'
import type { CutPoint } from '../model/effect.ts'
import type { Level } from '../model/scenario.ts'
import { object, required } from './object.ts'
import { refuse, type Shape, written } from './shape.ts'
import type { Node } from './tree.ts'

/** A duration inside a larger pattern. */
export const durationText = String.raw`(?:\d+(?:\.\d+)?(?:ms|[dhms]))+`
const durationPattern = new RegExp(`^${durationText}$`)
const sharePattern = /^\d+(?:\.\d+)?%$/
const ratePattern = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\/([smh])$/
const factorPattern = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)x$/
const cutPattern = new RegExp(`^(?:(\\d+) (events?|bytes?)|inside (frame|code-point|tool-json)|(${durationText}))$`)

interface DurationOptions {
  readonly min?: number
  readonly max?: number
}

/** `90s`, `1h30m`; in ms. */
export function duration({ min = 0, max = Number.MAX_SAFE_INTEGER }: DurationOptions = {}): Shape<number> {
  const name = 'a duration such as 90s or 1h30m'
  return {
    name,
    read(node, _path, reading) {
      const source = textOf(node)
      const ms = source !== undefined && durationPattern.test(source) ? parseDuration(source) : undefined
      if (ms === undefined) return refuse(reading, node, 'bad-duration', name, durationHint(node))
      if (ms >= min && ms <= max) return ms
      const bound = ms < min ? `at least ${formatDuration(min)}` : `at most ${formatDuration(max)}`
      return refuse(reading, node, 'duration-out-of-range', `${name}, ${bound}`)
    },
    write: ms => written(formatDuration(ms)),
    schema: () => ({ type: 'string', pattern: durationPattern.source, examples: ['30s', '5m', '1h30m'] }),
  }
}

function durationHint(node: Node): string {
  if (node.type === 'scalar' && typeof node.value === 'number') return `Write ${node.source}s or ${node.source}m.`
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|[dhms])\w*$/.exec(textOf(node) ?? '') ?? []
  return amount ? `Write ${amount}${unit}.` : 'The units are d, h, m, s and ms, without spaces.'
}

/** `50%`, or a number from 0 to 1. */
export const share: Shape<number> = {
  name: 'a share such as 50% or 0.5',
  read(node, _path, reading) {
    if (node.type === 'scalar' && typeof node.value === 'number') {
      if (node.value >= 0 && node.value <= 1) return node.value
      const percent = node.value > 1 && node.value <= 100
      const hint = percent ? `Write ${node.source}% or ${node.value / 100}.` : 'A share is 0% to 100%, or 0 to 1.'
      return refuse(reading, node, 'bad-share', this.name, hint)
    }
    const source = textOf(node) ?? ''
    const value = sharePattern.test(source) ? Number(source.slice(0, -1)) / 100 : Number.NaN
    if (value >= 0 && value <= 1) return value
    return refuse(reading, node, 'bad-share', this.name, 'A share is 0% to 100%, or 0 to 1.')
  },
  write: value => written(shareText(value)),
  schema: () => ({
    anyOf: [
      { type: 'string', pattern: String.raw`^(?:0*\d{1,2}(?:\.\d+)?|0*100(?:\.0+)?)%$`, examples: ['50%'] },
      { type: 'number', minimum: 0, maximum: 1 },
    ],
  }),
}

/** The percentage if it reads back as the same number, else the number. */
function shareText(value: number): string | number {
  const percent = String(Number((value * 100).toPrecision(12)))
  return sharePattern.test(`${percent}%`) && Number(percent) / 100 === value ? `${percent}%` : value
}

/** `60/m`, `2/s`, `100/h`; per minute in the data. */
export const rate: Shape<number> = {
  name: 'a rate such as 60/m',
  read(node, _path, reading) {
    const [, amount, unit] = ratePattern.exec(textOf(node) ?? '') ?? []
    const value = unit === 's' ? Number(amount) * 60 : unit === 'h' ? Number(amount) / 60 : Number(amount)
    if (Number.isFinite(value)) return value
    const isNumber = node.type === 'scalar' && typeof node.value === 'number'
    const hint = isNumber ? `Write ${node.source}/m, /s or /h.` : 'A number and its unit: 60/m, 2/s or 100/h.'
    return refuse(reading, node, 'bad-rate', this.name, hint)
  },
  write: value => written(rateText(value)),
  schema: () => ({ type: 'string', pattern: ratePattern.source, examples: ['60/m', '2/s', '100/h'] }),
}

function rateText(perMinute: number): string {
  const perHour = perMinute * 60
  if (!Number.isInteger(perMinute) && Number.isInteger(perHour) && perHour / 60 === perMinute) return `${perHour}/h`
  return `${perMinute}/m`
}

/** `3x`. */
export const factor: Shape<number> = {
  name: 'a factor such as 3x',
  read(node, _path, reading) {
    const value = Number(factorPattern.exec(textOf(node) ?? '')?.[1])
    if (Number.isFinite(value)) return value
    const isNumber = node.type === 'scalar' && typeof node.value === 'number'
    return refuse(reading, node, 'bad-factor', this.name, isNumber ? `Write ${node.source}x.` : undefined)
  },
  write: value => written(`${value}x`),
  schema: () => ({ type: 'string', pattern: factorPattern.source, examples: ['3x'] }),
}

/** A value, or `{ from, to }`: it moves in a straight line over its phase. */
export function level(of: Shape<number>): Shape<Level> {
  const name = `${of.name}, or { from, to }`
  const ramp = object<Exclude<Level, number>>(
    'a ramp',
    { from: required('Value at the start.', of), to: required('Value at the end.', of) },
    { line: true },
  )
  return {
    name,
    read: (node, path, reading) => (node.type === 'map' ? ramp : of).read(node, path, reading),
    write: value => (typeof value === 'number' ? of.write(value) : ramp.write(value)),
    schema: definitions => ({ anyOf: [of.schema(definitions), ramp.schema(definitions)] }),
  }
}

/** `3 events`, `120 bytes`, `5s`, `inside frame`. */
export const cutPoint: Shape<CutPoint> = {
  name: 'a point in the answer such as "3 events", "120 bytes", "5s" or "inside frame"',
  read(node, _path, reading) {
    const [matched, amount, unit, inside, time] = cutPattern.exec(textOf(node) ?? '') ?? []
    if (matched !== undefined) {
      const number = Number(amount)
      if (inside === 'frame' || inside === 'code-point' || inside === 'tool-json') return { inside }
      const ms = time === undefined ? undefined : parseDuration(time)
      if (ms !== undefined && Number.isSafeInteger(ms)) return { ms }
      if (Number.isSafeInteger(number)) return unit?.startsWith('event') ? { events: number } : { bytes: number }
    }
    return refuse(reading, node, 'bad-cut-point', this.name, 'Inside what: frame, code-point or tool-json.')
  },
  write(value) {
    if ('inside' in value) return written(`inside ${value.inside}`)
    if ('ms' in value) return written(formatDuration(value.ms))
    const [amount, unit] = 'events' in value ? [value.events, 'event'] : [value.bytes, 'byte']
    return written(`${amount} ${unit}${amount === 1 ? '' : 's'}`)
  },
  schema: () => ({
    type: 'string',
    pattern: cutPattern.source,
    examples: ['3 events', '120 bytes', '5s', 'inside frame', 'inside code-point', 'inside tool-json'],
  }),
}

/** The text of a scalar that holds one. */
export function textOf(node: Node): string | undefined {
  return node.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}
