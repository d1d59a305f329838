import { formatDuration } from '../lib/duration.ts'
import { invariant } from '../lib/invariant.ts'
import { covers, surfaceName } from '../model/arrival.ts'
import type { FaultEntry, Json, Scenario, Track } from '../model/scenario.ts'
import { compilePlan, firstInjected, type Plan, type PlannedFault } from '../model/timeline.ts'
import type { FullCatalogue } from '../run/catalogue.ts'
import type { Stage } from '../run/stage.ts'
import { parseScenario } from '../scenario/index.ts'
import type { InjectedMark } from './injected-mark.ts'
import { instantAt, readDuration, sayInstant } from './instants.ts'
import { refusal } from './refusal.ts'

/** A fault from now on, spelled as in a scenario. */
export interface Injection {
  readonly surface: string | readonly string[]
  /** Its id, or `{ id: parameters }`. */
  readonly fault?: string | Readonly<Record<string, Json>>
  /** Several, each with its share. */
  readonly mix?: readonly { readonly fault: string | Readonly<Record<string, Json>>; readonly share: number | string }[]
  /** Of the attempts it could hit: `0.3` or `30%`; all when absent. */
  readonly share?: number | string
  readonly sticky?: 'call' | 'user' | 'key' | 'session'
  /** `{ streaming: true }`, `{ first: 2 }`, `{ model: 'claude-*' }`. */
  readonly when?: Readonly<Record<string, Json>>
  /** How long; to the end of the scenario when absent. */
  readonly for?: string | number
}

/** A fault that was injected. */
export interface Injected {
  /** Ends it: now, or when it was ended. */
  stop(t?: number): void
}

type Ending<T> = Omit<T, 'startMs' | 'endMs'> & { readonly startMs: number; endMs: number }

/** The faults that a test injects by itself, as tracks of the scenario. */
export class Injections {
  /** What `decide` reads: the scenario's own tracks, and then these. */
  readonly tracks: PlannedFault[]
  private readonly stage: Stage
  private readonly catalogue: FullCatalogue
  private readonly own: { readonly planned: Ending<PlannedFault>; readonly entry: FaultEntry }[] = []

  /** The stage's plan must hold `tracks` itself, not a copy. */
  constructor(stage: Stage, tracks: PlannedFault[], catalogue: FullCatalogue) {
    this.stage = stage
    this.tracks = tracks
    this.catalogue = catalogue
  }

  /** Throws a `UsageError` for what a scenario could not say either, and where no time is left for it. */
  add({ for: length, ...spelled }: Injection): Injected {
    const { plan, journal } = this.stage
    const t = this.stage.t()
    if (t < 0 || t >= plan.lengthMs)
      throw refusal(
        t < 0
          ? `Failed to inject: the outage has not begun (it is ${sayInstant(t, plan)}), and what is healthy before it is not judged.`
          : 'Failed to inject: the scenario is over, and what comes after it is healthy.',
        t < 0 ? `Go there first: await outage.goto('${plan.phases[0]?.name ?? 'start'}').` : 'Inject earlier.',
      )
    const lengthMs = length === undefined ? undefined : readDuration(length, 'inject')
    const track = this.put({ spelled, lengthMs }, t)
    const lasting = lengthMs === undefined ? '' : ` for ${formatDuration(track.endMs - t)}`
    journal.write({ type: 'mark', t, mark: 'injected', says: `${JSON.stringify(spelled)}${lasting}` })
    return this.injected(track)
  }

  /** What an earlier process of the same run injected at `t`: it lasts as long as it would have, and nothing is written. */
  restore(told: InjectedMark, t: number): void {
    this.put(told, t)
  }

  /** What was injected as the entry `path`, by whichever process of the run. */
  named(path: string): Injected | undefined {
    const found = this.own.find(({ planned }) => planned.path === path)
    return found && this.injected(found.planned)
  }

  private put({ spelled, lengthMs }: InjectedMark, t: number): Ending<PlannedFault> {
    const { plan } = this.stage
    const { entry, planned } = readInjection(spelled, plan.scenario, this.catalogue)
    const endMs = lengthMs === undefined ? plan.lengthMs : Math.min(plan.lengthMs, t + lengthMs)
    const track: Ending<PlannedFault> = {
      ...planned,
      index: firstInjected + this.own.length,
      path: `faults[${this.tracks.length}]`,
      drawKey: `injected ${this.own.length} ${planned.surfaces.toSorted().join()}`,
      phase: instantAt(t, plan).phase,
      startMs: t,
      endMs,
    }
    this.own.push({ planned: track, entry })
    this.tracks.push(track)
    return track
  }

  private injected(track: Ending<PlannedFault>): Injected {
    return {
      stop: (t = this.stage.t()) => {
        if (t < track.endMs) track.endMs = t
      },
    }
  }

  /** The end of the scenario was moved: what lasts until then lasts until there. */
  endAt(beforeMs: number, endMs: number): void {
    for (const { planned } of this.own) if (planned.endMs === beforeMs) planned.endMs = endMs
  }

  /** The plan as it came to be, for those who judge. */
  plan(): Plan {
    const { plan } = this.stage
    const faults = this.own.map(({ planned, entry }): Track => {
      return { from: instantAt(planned.startMs, plan), until: instantAt(planned.endMs, plan), ...entry }
    })
    if (faults.length === 0) return plan
    const scenario = { ...plan.scenario, faults: [...(plan.scenario.faults ?? []), ...faults] }
    return { ...plan, scenario, tracks: [...this.tracks] }
  }

  /** Tells the world which injected faults the app could have felt at all: its surfaces were asked for at some time. */
  markTouched(): void {
    const { journal, world } = this.stage
    const asked = new Set(
      journal.events.flatMap(event =>
        event.type === 'attempt-started' ? [surfaceName(event.provider, event.surface)] : [],
      ),
    )
    for (const { planned } of this.own)
      if ([...asked].some(name => planned.surfaces.some(pattern => covers(pattern, name))))
        world.touched.add(planned.index)
  }
}

/** What an injection says, as a scenario has it. Throws a `UsageError` for what a scenario could not say either. */
export function readInjection(
  spelled: Omit<Injection, 'for'>,
  scenario: Scenario,
  catalogue: FullCatalogue,
): { readonly entry: FaultEntry; readonly planned: PlannedFault } {
  // JSON is YAML: one reader for both, with the same words about what is wrong.
  const text = JSON.stringify({
    ...{ blackstart: 1, id: 'injected', provider: scenario.provider },
    ...(scenario.surfaces && { surfaces: scenario.surfaces }),
    phases: [{ name: 'now', for: '1m', faults: [spelled] }],
  })
  const { scenario: read, diagnostics } = parseScenario(text, { catalogue })
  if (!read) {
    const problems = diagnostics.filter(({ severity }) => severity === 'error')
    const hints = problems.flatMap(({ hint }) => (hint === undefined ? [] : [hint]))
    throw refusal(`Failed to inject: ${problems.map(({ message }) => message).join(' ')}`, hints.join(' '))
  }
  return { entry: entryOf(read), planned: plannedOf(compilePlan(read, catalogue.faults)) }
}

function entryOf({ phases: [first] }: Scenario): FaultEntry {
  const entry = first && 'faults' in first ? first.faults?.[0] : undefined
  invariant(entry, 'what was read has a fault')
  return entry
}

function plannedOf({ phases: [first] }: Plan): PlannedFault {
  const planned = first?.faults[0]
  invariant(planned, 'what was planned has a fault')
  return planned
}
