import { isDeepStrictEqual } from 'node:util'
import { faults as shippedFaults } from '../faults/index.ts'
import { type Instant, isRepeat, type Phase, type PhaseItem, type Scenario } from '../model/scenario.ts'
import { namesFor } from './draft.ts'
import { phasesOf, withPhase } from './parts.ts'
import { niceMs } from './times.ts'
import { reanchored, withoutPhase } from './without-phase.ts'

/** Fewer phases: none, one alone, all but some, fewer laps, two in one. */
export function* fewerPhases(scenario: Scenario): Generator<Scenario> {
  const names = phasesOf(scenario).map(({ name }) => name)
  if (names.length > 0) yield without(scenario, names)
  if (names.length > 1)
    for (const name of names)
      yield without(
        scenario,
        names.filter(other => other !== name),
      )
  for (let size = Math.ceil(names.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < names.length; from += size)
      if (size < names.length) yield without(scenario, names.slice(from, from + size))
  yield* fewerLaps(scenario)
  yield* merged(scenario)
}

const without = (scenario: Scenario, names: readonly string[]) =>
  names.reduce((rest, name) => withoutPhase(rest, name), scenario)

function* fewerLaps(scenario: Scenario): Generator<Scenario> {
  for (const [i, item] of scenario.phases.entries()) {
    if (!isRepeat(item)) continue
    const { times, phases } = item.repeat
    const plain = (instant: Instant): Instant => ({ ...instant, phase: instant.phase.split('#')[0] ?? instant.phase })
    yield reanchored({ ...scenario, phases: scenario.phases.toSpliced(i, 1, ...phases) }, plain)
    for (const fewer of new Set([2, Math.floor(times / 2), times - 1]))
      if (fewer > 1 && fewer < times) {
        const shorter: PhaseItem = { repeat: { times: fewer, phases } }
        const back = (instant: Instant): Instant =>
          Number(instant.phase.split('#')[1] ?? 1) > fewer ? plain(instant) : instant
        yield reanchored({ ...scenario, phases: scenario.phases.with(i, shorter) }, back)
      }
  }
}

/** Two neighbours in one, which lasts as long as both: equal ones first, then with what happens in either. */
function* merged(scenario: Scenario): Generator<Scenario> {
  const pairs = scenario.phases.flatMap((first, i) => {
    const second = scenario.phases[i + 1]
    return second && !isRepeat(first) && !isRepeat(second) ? [{ i, first, second }] : []
  })
  const content = ({ name: _name, for: _ms, note: _note, ...rest }: Phase) => rest
  const isSame = ({ first, second }: (typeof pairs)[number]) => isDeepStrictEqual(content(first), content(second))
  for (const { i, first, second } of pairs.toSorted((a, b) => Number(isSame(b)) - Number(isSame(a)))) {
    const move = (instant: Instant): Instant =>
      instant.phase === second.name ? { phase: first.name, offset: instant.offset + first.for } : instant
    const both = (body: Phase): Scenario => {
      const phase: Phase = { ...content(body), name: first.name, for: first.for + second.for }
      return reanchored({ ...scenario, phases: scenario.phases.toSpliced(i, 2, phase) }, move, [second.name])
    }
    yield both(first)
    if (!isSame({ i, first, second })) yield both(second)
  }
}

/** Shorter phases, of lengths that people write. */
export function* shorterPhases(scenario: Scenario): Generator<Scenario> {
  for (const phase of phasesOf(scenario))
    for (const ms of shorter(phase.for)) yield withPhase(scenario, phase.name, one => ({ ...one, for: ms }))
}

/** Nice lengths below `ms`: much shorter ones first. */
export function shorter(ms: number): readonly number[] {
  const below = niceMs.filter(nice => nice < ms)
  const atMost = (limit: number) => below.findLast(nice => nice <= limit)
  return [...new Set([below[0], atMost(ms / 10), atMost(ms / 4), atMost(ms / 2), below.at(-1)])].filter(
    one => one !== undefined,
  )
}

const made = /^(.*?)(?:-again)?(?:-\d+)?$/
const ownWords = new Set(['mixed', 'limited', 'busy', 'clear', ...shippedFaults.keys()])

/** Names that say what happens, where what they said has gone; names that somebody gave stay. */
export function* renamedPhases(scenario: Scenario): Generator<Scenario> {
  const phases = phasesOf(scenario)
  const proper = namesFor(phases)
  const names = new Map(
    phases.map(({ name }, i) => [name, ownWords.has(made.exec(name)?.[1] ?? '') ? (proper[i] ?? name) : name] as const),
  )
  const isNew = [...names].some(([old, name]) => old !== name) && new Set(names.values()).size === names.size
  if (!isNew) return
  const move = ({ phase, offset }: Instant): Instant => {
    const [name = '', lap] = phase.split('#')
    return { phase: `${names.get(name) ?? name}${lap === undefined ? '' : `#${lap}`}`, offset }
  }
  const one = (phase: Phase): Phase => ({ ...phase, name: names.get(phase.name) ?? phase.name })
  const map = (item: PhaseItem): PhaseItem =>
    isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(one) } } : one(item)
  const expect = scenario.expect?.map(entry =>
    entry.during ? { ...entry, during: entry.during.map(name => names.get(name) ?? name) } : entry,
  )
  yield reanchored({ ...scenario, phases: scenario.phases.map(map), ...(expect && { expect }) }, move)
}
