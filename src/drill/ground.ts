import { RealClock } from '../clock/real.ts'
import type { Arrival } from '../model/arrival.ts'
import { compilePlan, type Plan, type PlannedFault } from '../model/timeline.ts'
import { providersFor } from '../providers/for-run.ts'
import type { Provider } from '../providers/provider.ts'
import { answersOf } from '../run/answers.ts'
import { catalogueWith, type FullCatalogue } from '../run/catalogue.ts'
import { sinceOf } from '../run/since.ts'
import { Stage } from '../run/stage.ts'
import { allDoors } from './addresses.ts'
import { type Behind, behind, refuseOwnPorts } from './behind.ts'
import { HurriedTimers } from './hurried-timers.ts'
import { JournalFile } from './journal-file.ts'
import type { DrillOptions } from './options.ts'
import { eventsBefore } from './resume/go-on.ts'
import { JournalLock } from './resume/journal-lock.ts'
import { refuseGrown } from './resume/read-resume.ts'
import { toxiproxyWire } from './toxiproxy-wire.ts'
import { openTrust, type Trust } from './trust.ts'
import { loopbackWire, type Wire } from './wire.ts'

/** What a drill stands on: time, a journal, and real ports. */
export interface Ground {
  readonly catalogue: FullCatalogue
  readonly providers: readonly Provider[]
  /** As the scenario has it. */
  readonly written: Plan
  /** What `decide` reads: the scenario's own tracks, and those that people inject. */
  readonly tracks: PlannedFault[]
  readonly stage: Stage<RealClock>
  readonly journal: JournalFile
  readonly wire: Wire
  /** Whether the program has said that its timers go at the drill's speed. */
  readonly timers: HurriedTimers
  /** Real providers that it lets traffic through to. */
  readonly real: Behind | undefined
  /** Present where the providers speak HTTPS. */
  readonly trust: Trust | undefined
  readonly lock: JournalLock
  /** Says it once. */
  say(says: string): void
}

/** Opens the journal and the ports. Rejects with a `UsageError` when one of them cannot be had; then nothing is open. */
export async function layGround(options: DrillOptions): Promise<Ground> {
  const { scenario, speed, file, healedMs } = options
  const catalogue = catalogueWith(options)
  const trust = options.tls ? await openTrust(options.host) : undefined
  const planned = compilePlan(scenario, catalogue.faults)
  const written = healedMs === undefined ? planned : { ...planned, tailMs: healedMs }
  const tracks = [...written.tracks]
  const providers = providersFor(scenario)
  const clock = new RealClock(speed)
  const before = eventsBefore(options.resume)
  const { journal, lock } = openJournal(options)
  const timers = new HurriedTimers(speed)
  const seed = options.seed ?? scenario.seed ?? 1
  const real = options.passThrough && behind({ passThrough: options.passThrough, seed, speed })
  let wire: Wire | undefined
  const stage = new Stage({
    ...{ plan: { ...written, tracks }, seed, providers, clock, journal },
    answers: answersOf({ own: options.answers, scenario, file, catalogue }),
    speed,
    // An app whose timers are hurried reads what headers say of time by its own clock.
    pace: {
      get speed() {
        return timers.areHurried ? 1 : speed
      },
      wall: () => (timers.areHurried ? clock.now() : clock.wall()),
    },
    ...(real && { isSpared: (arrival: Arrival) => real.isSpared(arrival) }),
    ...(before.length > 0 && { since: sinceOf(before) }),
  })
  const say = (says: string) => {
    if (stage.notices.has(says)) return
    stage.notices.add(says)
    options.onNotice?.(says)
  }
  try {
    const open = options.engine === 'toxiproxy' ? toxiproxyWire : loopbackWire
    wire = await open({
      ...{ responder: stage.responder, clock: stage.network.inbound, doors: allDoors(providers, scenario), speed },
      ...(options.host !== undefined && { host: options.host, canaryOnly: options.host !== '127.0.0.1' }),
      ...(options.port !== undefined && { port: options.port }),
      ...(trust && { tls: trust.server }),
      ...(real && { passOn: real.passOn(stage.network.inbound) }),
      plan: () => stage.inForce,
      t: () => stage.t(),
      isOffline: () => stage.network.isDown,
      onRefused: host => stage.hostRefused(host),
      onStranger: line => say(`Nothing of this drill is at ${line}.`),
      onNotice: say,
    })
    if (real) refuseOwnPorts(real, [...wire.doors.map(({ at }) => at), new URL(wire.sharedUrl).host])
  } catch (error) {
    await wire?.[Symbol.asyncDispose]()
    for (const one of [real, timers, stage, journal, lock]) one?.[Symbol.dispose]()
    throw error
  }
  return { catalogue, providers, written, tracks, stage, journal, wire, timers, real, trust, lock, say }
}

/** Closes all that a ground has open. */
export async function leaveGround({ wire, timers, real, stage, journal, lock }: Ground): Promise<void> {
  await wire[Symbol.asyncDispose]()
  for (const one of [real, timers, stage, journal, lock]) one?.[Symbol.dispose]()
}

function openJournal({ journal: path, mask, resume }: DrillOptions) {
  const lock = new JournalLock(path)
  try {
    if (resume) refuseGrown(resume)
    const before = resume?.isAfresh === false ? resume : undefined
    return { lock, journal: new JournalFile(path, mask, before) }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}
