import { formatDuration, parseDuration } from '../lib/duration.ts'
import { suggest } from '../lib/suggest.ts'
import { surfaceName } from '../model/arrival.ts'
import type { Instant } from '../model/scenario.ts'
import { fullSurface } from '../model/timeline.ts'
import type { Catalogue } from './catalogue.ts'
import { ends, type Facts } from './facts.ts'
import { oneOrList } from './lists.ts'
import type { Reading } from './reading.ts'
import { refuse, type Shape, written } from './shape.ts'
import { type Node, quote, type Range } from './tree.ts'
import { durationText, textOf } from './units.ts'

const nameText = '[A-Za-z0-9][A-Za-z0-9_.-]*'
/** A phase's name, without a lap. */
export const phaseNamePattern = new RegExp(`^${nameText}$`)
const lapPattern = new RegExp(`^(${nameText})(?:#([1-9]\\d*))?$`)
const instantPattern = new RegExp(
  `^(${nameText})(?:#([1-9]\\d*))?(?:\\s*\\+\\s*(${durationText})|\\s+-\\s*(${durationText}))?$`,
)

/** `NAME`, `NAME + 5m`, `NAME#3 - 30s`, `start`, `end`. */
export const instant: Shape<Instant> = {
  name: 'an instant such as "NAME + 5m"',
  read(node, _path, reading) {
    const [matched, name = '', lap, after, before] = instantPattern.exec(textOf(node) ?? '') ?? []
    const offset = parseDuration(after ?? before ?? '0s')
    if (matched === undefined || offset === undefined || !Number.isSafeInteger(offset))
      return refuse(
        reading,
        node,
        'bad-instant',
        this.name,
        'A phase, "start" or "end"; then + or - a duration if need be.',
      )
    if (!ends.some(end => end === name && lap === undefined) && !isPhase(name, lap, node, reading)) return undefined
    return { phase: phaseText(name, lap), offset: before === undefined || offset === 0 ? offset : -offset }
  },
  write({ phase, offset }) {
    if (offset === 0) return written(phase)
    return written(`${phase} ${offset < 0 ? '-' : '+'} ${formatDuration(Math.abs(offset))}`)
  },
  schema: () => ({ type: 'string', pattern: instantPattern.source, examples: ['NAME', 'NAME + 5m', 'start', 'end'] }),
}

/** A phase that exists, or one lap of it. */
export const phaseRef: Shape<string> = {
  name: 'the name of a phase',
  read(node, _path, reading) {
    const [matched, name = '', lap] = lapPattern.exec(textOf(node) ?? '') ?? []
    if (matched === undefined) return refuse(reading, node, 'bad-instant', this.name)
    return isPhase(name, lap, node, reading) ? matched : undefined
  },
  write: written,
  schema: () => ({ type: 'string', pattern: lapPattern.source }),
}

/** The first lap is the name itself: plans know no `NAME#1`. */
function phaseText(name: string, lap: string | undefined): string {
  return lap === undefined || lap === '1' ? name : `${name}#${lap}`
}

function isPhase(name: string, lap: string | undefined, node: Node, { facts, report }: Reading): boolean {
  const phase = facts.phases.get(name)
  if (!phase) {
    report('unknown-phase', node, `There is no phase ${quote(name)}.`, phaseHint(name, facts))
    return false
  }
  if (lap === undefined || phase.laps === 0 || Number(lap) <= phase.laps) return true
  const laps = phase.laps === 1 ? 'happens once' : `has ${phase.laps} laps`
  report('lap-out-of-range', node, `There is no ${quote(`${name}#${lap}`)}: phase "${name}" ${laps}.`)
  return false
}

function phaseHint(name: string, facts: Facts): string {
  if (parseDuration(name) !== undefined) return `For a time since the beginning write: start + ${name}`
  const [, phase = '', offset] = /^(.+?)-((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)$/.exec(name) ?? []
  if (facts.phases.has(phase) || ends.some(end => end === phase))
    return `Put spaces around the sign: ${phase} - ${offset}`
  const names = [...facts.phases.keys()]
  const meant = name.length > 60 ? undefined : suggest(name, [...names, ...ends])
  if (meant !== undefined) return `Did you mean "${meant}"?`
  return names.length === 0 ? 'This scenario has no phases.' : `The phases are: ${names.slice(0, 20).join(', ')}.`
}

/** Surfaces, kept as they are written; each must exist. */
export function surfaces(catalogue: Catalogue): Shape<readonly string[]> {
  // Bare names first: what most scenarios write.
  const names = [...catalogue.surfaces].flatMap(([provider, own]) =>
    provider === 'anthropic' ? own : own.map(surface => surfaceName(provider, surface)),
  )
  return oneOrList<string>({
    name: 'a surface',
    read(node, _path, reading) {
      const name = textOf(node)
      if (name === undefined) return refuse(reading, node, 'wrong-type', 'the name of a surface')
      return isSurface(name, node, reading) ? name : undefined
    },
    write: written,
    schema: definitions => definitions.define('surface', () => ({ type: 'string', examples: names })),
  })
}

/** Reports a surface that neither a provider nor the scenario has. */
export function isSurface(name: string, at: Range, { facts, report }: Reading): boolean {
  if (facts.surfaces.has(fullSurface(name, facts.provider, facts.own))) return true
  const home = surfaceName(facts.provider, '')
  const candidates = [...facts.surfaces].flatMap(full =>
    full.startsWith(home) ? [full.slice(home.length), full] : [full],
  )
  candidates.push(...facts.own)
  const meant = name.length > 60 ? undefined : suggest(name, candidates)
  const known = candidates
    .filter(candidate => !candidate.startsWith(home) && !candidate.startsWith('http.'))
    .slice(0, 20)
  const hint = meant
    ? `Did you mean "${meant}"?`
    : `Known surfaces: ${known.join(', ')}. Add your own under "surfaces".`
  report('unknown-surface', at, `There is no surface ${quote(name)}.`, hint)
  return false
}
