import { scaleScenario, scenarioLengthMs } from '../model/scale.ts'
import { isRepeat, type Phase, type PhaseItem, type Scenario } from '../model/scenario.ts'
import { Dice } from './dice.ts'
import { faultEntry, limitEntry, type Making } from './entries.ts'
import type { Frame } from './frame.ts'
import { drawEvents } from './happenings.ts'
import type { OutageOptions } from './outage.ts'
import { phasesOf } from './parts.ts'
import { drawProfile } from './profile.ts'
import { drawWorkload } from './size.ts'
import { niceMs } from './times.ts'
import { withoutPhase } from './without-phase.ts'

const usualAttempts = 250
/** A base that is longer is told in less time, at times. */
const shortMs = 30 * 60_000

/** `base` with its timeline changed a little: a phase less, a relapse, another fault, a crash in the middle. */
export function varyOutage(
  base: Scenario,
  frame: Frame,
  next: () => number,
  { attempts = usualAttempts }: OutageOptions = {},
): Scenario {
  const dice = new Dice(next)
  const making: Making = { dice, frame, profile: drawProfile(dice, frame) }
  const lengthMs = scenarioLengthMs(base)
  const isShortened = lengthMs > shortMs && dice.chance(0.7)
  const { matrix: _matrix, game_day: _gameDay, found: _found, stop_when: _stop, ...start } = base
  let outage: Scenario = isShortened ? scaleScenario(start, shortMs / lengthMs) : start
  const changes = dice.int(1, 3)
  for (let i = 0; i < changes; i++) outage = dice.pick(variations)(outage, making)
  const { expect: _expect, ...rest } = outage
  const { expect } = frame.app
  return {
    ...rest,
    ...(frame.app.surfaces && { surfaces: frame.app.surfaces }),
    ...(frame.app.answers && { answers: frame.app.answers }),
    ...(frame.app.tokens && { tokens: frame.app.tokens }),
    ...(expect && { expect }),
    workload: drawWorkload(making, scenarioLengthMs(outage), { attempts }),
  }
}

type Variation = (outage: Scenario, making: Making) => Scenario

const variations: readonly Variation[] = [
  // A phase less.
  (outage, { dice }) => {
    const names = phasesOf(outage).map(({ name }) => name)
    return names.length > 1 ? withoutPhase(outage, dice.pick(names)) : outage
  },
  // A relapse: what was there before comes again.
  (outage, { dice }) => {
    const phases = phasesOf(outage)
    if (phases.length === 0) return outage
    const again = dice.pick(phases)
    const calm: Phase = { name: freshName(outage, 'clear'), for: dice.pick(niceMs.slice(4, 12)) }
    return { ...outage, phases: [...outage.phases, calm, { ...again, name: freshName(outage, `${again.name}-again`) }] }
  },
  // Longer, or shorter.
  (outage, { dice }) => {
    const phases = phasesOf(outage)
    const name = phases.length > 0 ? dice.pick(phases).name : ''
    const ms = dice.pick(niceMs.slice(3, 16))
    return mapPhases(outage, phase => (phase.name === name ? { ...phase, for: ms } : phase))
  },
  // One thing more goes wrong.
  (outage, making) => {
    const { dice, profile } = making
    const phases = phasesOf(outage)
    const surface = dice.pick(profile.surfaces)
    const entry = faultEntry(making, surface)
    const limit = dice.chance(0.2) ? limitEntry(making, surface) : undefined
    const name = phases.length > 0 ? dice.pick(phases).name : ''
    return mapPhases(outage, phase => {
      if (phase.name !== name) return phase
      if (limit) return { ...phase, limits: [...(phase.limits ?? []), limit] }
      return entry ? { ...phase, faults: [entry, ...(phase.faults ?? [])] } : phase
    })
  },
  // Another fault in the place of one.
  (outage, making) => {
    const { dice, profile } = making
    const entry = faultEntry(making, dice.pick(profile.surfaces))
    const phases = phasesOf(outage).filter(({ faults }) => faults && faults.length > 0)
    if (!entry || phases.length === 0) return outage
    const name = dice.pick(phases).name
    return mapPhases(outage, phase =>
      phase.name === name && phase.faults ? { ...phase, faults: [entry, ...phase.faults.slice(1)] } : phase,
    )
  },
  // Something happens to the app.
  (outage, making) => {
    const plain = outage.phases.filter(item => !isRepeat(item))
    const events = drawEvents({ ...making, profile: { ...making.profile, events: true } }, plain as readonly Phase[])
    return { ...outage, events: [...(outage.events ?? []), ...events] }
  },
  // Time to come back in.
  (outage, { dice }) => ({
    ...outage,
    phases: [...outage.phases, { name: freshName(outage, 'clear'), for: dice.pick([5, 10, 20]) * 60_000 }],
  }),
]

function mapPhases(outage: Scenario, change: (phase: Phase) => Phase): Scenario {
  const map = (item: PhaseItem): PhaseItem =>
    isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(change) } } : change(item)
  return { ...outage, phases: outage.phases.map(map) }
}

function freshName(outage: Scenario, wanted: string): string {
  const taken = new Set(phasesOf(outage).map(({ name }) => name))
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`
  return name
}
