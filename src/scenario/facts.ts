import { parseDuration } from '../lib/duration.ts'
import { surfaceName } from '../model/arrival.ts'
import type { Instant } from '../model/scenario.ts'
import { ownSurfaceName } from '../model/timeline.ts'
import type { Catalogue } from './catalogue.ts'
import type { Reading } from './reading.ts'
import { entryOf, type Node, quote } from './tree.ts'
import { textOf } from './units.ts'

/** What one part of a file must know about the others; gathered first, as far as the file makes sense. */
export interface Facts {
  readonly provider: string
  /** Full names. */
  readonly surfaces: ReadonlySet<string>
  /** The file's own surfaces, without a provider's name. */
  readonly own: ReadonlySet<string>
  readonly phases: ReadonlyMap<string, PhaseFact>
  /** End of the last phase, ms; `undefined` when a length cannot be read. */
  readonly lengthMs: number | undefined
}

export interface PhaseFact {
  readonly laps: number
  readonly startMs: number | undefined
  /** From one lap to the next, ms. */
  readonly lapMs: number | undefined
}

/** Phase names that are the scenario's own ends. */
export const ends = ['start', 'end'] as const

/** Reads the tree loosely: what is wrong in it is reported where it is read in earnest. */
export function gatherFacts(root: Node | undefined, catalogue: Catalogue): Facts {
  const provider = textIn(root, 'provider') ?? 'anthropic'
  const surfaces = new Set<string>()
  for (const [name, own] of catalogue.surfaces) for (const surface of own) surfaces.add(surfaceName(name, surface))
  const own = entryOf(root, 'surfaces')?.value
  const names = new Set(own?.type === 'map' ? own.entries.map(({ key }) => ownSurfaceName(key)) : [])
  for (const name of names) surfaces.add(surfaceName('http', name))
  return { provider, surfaces, own: names, ...gatherPhases(entryOf(root, 'phases')?.value) }
}

function gatherPhases(list: Node | undefined): Pick<Facts, 'phases' | 'lengthMs'> {
  const phases = new Map<string, PhaseFact>()
  let clock: number | undefined = 0
  for (const { members, laps } of groups(list)) {
    const lengths = members.map(lengthOf)
    const lapMs = add(...lengths)
    let start = clock
    members.forEach((member, i) => {
      const name = textIn(member, 'name')
      if (name !== undefined && !phases.has(name)) phases.set(name, { laps, startMs: start, lapMs })
      start = add(start, lengths[i])
    })
    clock = lapMs === undefined ? undefined : add(clock, laps * lapMs)
  }
  return { phases, lengthMs: clock }
}

/** The phases of each item of `phases`, and how often they happen. */
function groups(list: Node | undefined): readonly { readonly members: readonly Node[]; readonly laps: number }[] {
  return itemsOf(list).map(item => {
    const repeat = entryOf(item, 'repeat')?.value
    if (!repeat) return { members: [item], laps: 1 }
    return { members: itemsOf(entryOf(repeat, 'phases')?.value), laps: lapsOf(repeat) }
  })
}

/** Two phases of one name could not be told apart in instants and reports. */
export function reportDuplicatePhases(root: Node | undefined, report: Reading['report']): void {
  const seen = new Set<string>()
  for (const member of groups(entryOf(root, 'phases')?.value).flatMap(group => group.members)) {
    const node = entryOf(member, 'name')?.value
    const name = node && textOf(node)
    if (node === undefined || name === undefined) continue
    if (seen.has(name))
      report(
        'duplicate-phase',
        node,
        `There are two phases ${quote(name)}.`,
        `Rename one, for example "${name}-again".`,
      )
    seen.add(name)
  }
}

/** A name that already means a part of the provider would no longer mean it. */
export function reportTakenSurfaces(
  root: Node | undefined,
  { provider }: Facts,
  catalogue: Catalogue,
  report: Reading['report'],
): void {
  const own = entryOf(root, 'surfaces')?.value
  if (own?.type !== 'map') return
  for (const { key, keyRange } of own.entries)
    if (catalogue.surfaces.get(provider)?.includes(key))
      report(
        'taken-surface',
        keyRange,
        `${quote(key)} is already a surface of ${provider}.`,
        `Name your own differently. Where ${provider} is reached is set with --address.`,
      )
}

/** Ms of an instant, as far as the facts tell. */
export function timeOf(instant: Instant, facts: Facts): number | undefined {
  if (instant.phase === 'start') return instant.offset
  if (instant.phase === 'end') return add(facts.lengthMs, instant.offset)
  const [name = '', lap = '1'] = instant.phase.split('#')
  const phase = facts.phases.get(name)
  if (!phase) return undefined
  const laps = Number(lap) - 1
  return add(phase.startMs, laps === 0 ? 0 : phase.lapMs && laps * phase.lapMs, instant.offset)
}

function add(...parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0)
}

function lengthOf(phase: Node): number | undefined {
  return parseDuration(textIn(phase, 'for') ?? '')
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.type === 'list' ? node.items : []
}

/** 0 when it cannot be read: then nothing is said about laps. */
function lapsOf(repeat: Node): number {
  const times = entryOf(repeat, 'times')?.value
  return times?.type === 'scalar' && typeof times.value === 'number' ? times.value : 0
}

function textIn(node: Node | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value
  return value && textOf(value)
}
