import type { ClientEvent, ComponentStatus, Phase, StatusUpdate, Track, WorkloadSpec } from '../model/scenario.ts'
import { at } from './draft.ts'
import { faultEntry, type Making, shownSurface } from './entries.ts'
import { latestSpikeMs } from './fair.ts'

const [s, m] = [1_000, 60_000]

/** Faults that do not care where one phase ends and the next begins. */
export function drawTracks(making: Making, phases: readonly Phase[]): readonly Track[] {
  const { dice, profile } = making
  if (!profile.tracks || phases.length === 0) return []
  const index = dice.int(0, phases.length - 1)
  const [phase, next] = [phases[index], phases[index + 1]]
  const entry = faultEntry(making, dice.pick(profile.surfaces))
  if (!phase || !entry) return []
  const from = at(phases, index, dice.chance(0.5) ? 0 : Math.floor(phase.for / 2))
  const until = next
    ? at(phases, index + 1, dice.chance(0.5) ? next.for : Math.ceil(next.for / 2))
    : { phase: 'end', offset: 0 }
  return [{ from, until, ...entry }]
}

/** What happens to the app meanwhile: it is deployed, it dies, its network goes, its users come all at once. */
export function drawEvents({ dice, profile, frame }: Making, phases: readonly Phase[]): readonly ClientEvent[] {
  if (!profile.events || phases.length === 0) return []
  const one = (): readonly ClientEvent[] => {
    const index = dice.int(0, phases.length - 1)
    const length = phases[index]?.for ?? 0
    const when = at(phases, index, dice.pick([0, Math.floor(length / 4), Math.floor(length / 2)]))
    switch (
      dice.weighted([
        [4, 'crash'],
        [2, 'restart'],
        [2, 'offline'],
        [1, 'scale'],
        [2, 'traffic'],
      ] as const)
    ) {
      case 'crash':
        return [{ at: when, crash: true }]
      case 'restart':
        return [{ at: when, restart: true }]
      case 'offline':
        return [{ at: when, offline: dice.pick([5 * s, 30 * s, 2 * m]) }]
      case 'scale':
        return [{ at: when, scale: { instances: dice.int(1, 3) } }]
      default:
        return [
          { at: when, traffic: frame.jobs ? 0.5 : dice.pick([0.5, 3, 6]) },
          { at: { phase: 'end', offset: 0 }, traffic: 1 },
        ]
    }
  }
  return Array.from({ length: dice.chance(0.3) ? 2 : 1 }, one).flat()
}

/** A status page that is late, wrong, or down itself; only for an app that reads one. */
export function drawStatusPage({ dice, frame, profile }: Making, phases: readonly Phase[]): readonly StatusUpdate[] {
  const [page] = frame.surfaces.filter(({ kind }) => kind === 'status')
  const down = profile.surfaces.find(({ provider, kind }) => kind === 'model' && provider === page?.provider)
  if (!page || !down || phases.length === 0 || dice.chance(0.3)) return []
  const component = shownSurface(`${down.provider}.${down.name.split('.')[1]}`, frame)
  const says = (state: ComponentStatus) => ({ components: { [component]: state } })
  const late = dice.pick([0, 2 * m, 5 * m])
  const last = phases.length - 1
  const tooEarly = dice.chance(0.3)
  return [
    { at: at(phases, 0, late), incident: 'investigating', ...says('major_outage') },
    {
      at: tooEarly ? at(phases, 0, late + 1 * s) : dice.chance(0.7) ? { phase: 'end', offset: 0 } : at(phases, last, 0),
      incident: 'resolved',
      ...says('operational'),
      ...(dice.chance(0.2) && { page: 'unreachable' as const }),
    },
  ]
}

/** Many who ask at once, as after a push message; best of all not long before the end of an outage. */
export function drawSpike(
  { dice, profile, frame }: Making,
  phases: readonly Phase[],
  { users = 1 }: WorkloadSpec,
): NonNullable<WorkloadSpec['spikes']>[number] | undefined {
  if (!profile.crowd || phases.length === 0 || !dice.chance(0.6)) return undefined
  const bad = phases.flatMap(({ faults }, i) => (faults ? [i] : []))
  const index = dice.pick(bad.length > 0 ? bad : [0])
  const before = dice.pick([latestSpikeMs, 1 * m])
  const tasks = Math.max(users, Math.round(120 / frame.attemptsPerTask))
  return { at: at(phases, index, Math.max(0, (phases[index]?.for ?? 0) - before)), tasks }
}
