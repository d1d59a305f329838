import { formatDuration } from '../lib/duration.ts'
import type { Params } from '../model/param.ts'
import type { FaultEntry, FaultRef, Level, LimitEntry, When } from '../model/scenario.ts'
import type { Catalogue } from '../scenario/index.ts'
import { limitKinds } from './in-force.ts'
import { percent } from './text.ts'

/** A fault entry in one line: where, how much, what, when. */
export function faultText(entry: FaultEntry, catalogue: Catalogue): string {
  const share = entry.share === undefined ? '' : ` ${levelText(entry.share, percent)}`
  const sticky = entry.sticky ? ` per ${entry.sticky}` : ''
  const mix = entry.mix?.map(option => `${percent(option.share)} ${refText(option.fault, catalogue)}`)
  const what = mix?.join(', ') ?? (entry.fault ? refText(entry.fault, catalogue) : '')
  const when = entry.when ? ` when ${whenText(entry.when)}` : ''
  return `${entry.surface.join(', ')}${share}${sticky}: ${what}${when}`
}

/** A limit entry in one line: where, how many a minute, counted per what. */
export function limitText(entry: LimitEntry): string {
  const rates = limitKinds.flatMap(kind => {
    const level = entry[kind]
    return level === undefined ? [] : [`${levelText(level)} ${kind.replace('_', ' ')} a minute`]
  })
  return `${entry.surface.join(', ')}: limit of ${rates.join(', ')}, per ${entry.per ?? 'key'}`
}

/** Parameters as `name value` pairs, in the units their declaration names. */
export function paramsText(values: Readonly<Record<string, unknown>>, params: Params | undefined): string {
  return Object.entries(values)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${valueText(value, params?.[name]?.kind)}`)
    .join(', ')
}

/** `6`, or `6 to 60` for a ramp. */
export function levelText(level: Level, spell: (value: number) => string = String): string {
  return typeof level === 'number' ? spell(level) : `${spell(level.from)} to ${spell(level.to)}`
}

function refText({ id, params }: FaultRef, catalogue: Catalogue): string {
  const given = paramsText(params, catalogue.faults.get(id)?.params)
  return given ? `${id} (${given})` : id
}

function valueText(value: unknown, kind: Params[string]['kind'] | undefined): string {
  if (typeof value === 'number' && kind === 'duration') return formatDuration(value)
  if (typeof value === 'number' && kind === 'share') return percent(value)
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  const pairs = Object.entries(value)
  if (kind !== 'cut-point') return JSON.stringify(value)
  return pairs.map(([unit, amount]) => cutText(unit, amount)).join(' ')
}

function cutText(unit: string, amount: unknown): string {
  if (unit === 'ms') return formatDuration(Number(amount))
  return unit === 'inside' ? `inside ${amount}` : `${amount} ${unit}`
}

function whenText(when: When): string {
  const one = ([name, value]: [string, unknown]) => {
    if (typeof value === 'boolean') return value ? name : `not ${name}`
    return `${name} ${Array.isArray(value) ? value.join('|') : value}`
  }
  return Object.entries(when).map(one).join(' and ')
}
