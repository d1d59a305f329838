import type { CapacityEntry, FaultEntry, LimitEntry, Phase, PhaseItem, Repeat } from '../model/scenario.ts'
import { isRepeat } from '../model/scenario.ts'
import { ends } from './facts.ts'
import { list } from './lists.ts'
import { object, optional, required } from './object.ts'
import { phaseNamePattern } from './references.ts'
import { number, text } from './scalars.ts'
import { named, type Shape } from './shape.ts'
import { entryOf } from './tree.ts'
import { duration } from './units.ts'

const dayMs = 86_400_000
/** A phase, at most. */
export const longestPhaseMs = 30 * dayMs
/** Laps of a repeat, at most. */
const mostLaps = 10_000

interface Parts {
  readonly faults: Shape<FaultEntry>
  readonly limits: Shape<LimitEntry>
  readonly capacity: Shape<CapacityEntry>
}

/** The items of `phases`: a phase, or a repeat of several. */
export function phaseItem(parts: Parts): Shape<PhaseItem> {
  const phase = phaseShape(parts)
  const body = object<Repeat['repeat']>('a repeat', {
    times: required('How many laps.', number({ integer: true, min: 1, max: mostLaps })),
    phases: required('The phases of one lap.', list(unrepeated(phase), { min: 1 })),
  })
  const repeat = object<Repeat>('a repeat', { repeat: required('Phases that happen again and again.', body) })
  return {
    name: 'a phase or a repeat',
    read: (node, path, reading) => (entryOf(node, 'repeat') ? repeat : phase).read(node, path, reading),
    write: item => (isRepeat(item) ? repeat.write(item) : phase.write(item)),
    schema: definitions => ({ anyOf: [phase.schema(definitions), repeat.schema(definitions)] }),
  }
}

/** Says so where a repeat stands inside a repeat. */
function unrepeated(phase: Shape<Phase>): Shape<Phase> {
  return {
    ...phase,
    read(node, path, reading) {
      const repeat = entryOf(node, 'repeat')
      if (!repeat) return phase.read(node, path, reading)
      const hint = 'Write the phases of the inner one out.'
      reading.report('unknown-key', repeat.keyRange, 'A repeat cannot stand inside a repeat.', hint)
      return undefined
    },
  }
}

function phaseShape({ faults, limits, capacity }: Parts): Shape<Phase> {
  const shape = object<Phase>('a phase', {
    name: required('Its name; instants and reports use it.', phaseName),
    for: required('How long it lasts.', duration({ min: 1, max: longestPhaseMs })),
    note: optional('What happens, for people.', text()),
    faults: optional('What goes wrong; the first entry that hits wins.', list(faults)),
    limits: optional('Rate limits in force.', list(limits)),
    capacity: optional('How the provider reacts to load in this phase.', list(capacity)),
  })
  return named('phase', shape)
}

const plainName = text('the name of a phase', {
  pattern: phaseNamePattern,
  hint: 'Letters, digits, "-", "_" and ".", without spaces; instants are written with it.',
})

const phaseName: Shape<string> = {
  ...plainName,
  read(node, path, reading) {
    const name = plainName.read(node, path, reading)
    if (!ends.some(end => end === name)) return name
    reading.report('bad-name', node, `"${name}" is the scenario's own ${name}, not a phase.`, 'Choose another name.')
    return undefined
  },
  schema: () => ({ type: 'string', pattern: phaseNamePattern.source, not: { enum: ends } }),
}
