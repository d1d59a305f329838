import { Attributor, currentContext, isFenced } from '../attribution/attribution.ts'
import type { RunClock } from '../clock/clock.ts'
import { VirtualClock } from '../clock/virtual.ts'
import { Network } from '../engines/network.ts'
import type { Pace } from '../engines/pace.ts'
import { Responder } from '../engines/responder.ts'
import type { Upstream } from '../engines/upstream.ts'
import type { NoteKind, RunEnded } from '../journal/event.ts'
import { Journal } from '../journal/journal.ts'
import { redact } from '../journal/redact.ts'
import { randomStream } from '../lib/draw.ts'
import type { Arrival } from '../model/arrival.ts'
import { calm } from '../model/calm.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { createWorld, type World } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'
import type { Since } from './since.ts'

/** 2026-03-02T11:00:00Z: virtual time always begins here. */
export const epochMs = Date.UTC(2026, 2, 2, 11)

export interface StageOptions {
  readonly plan: Plan
  readonly seed: number
  readonly providers: readonly Provider[]
  /** Answers of the user's own, tried in this order. */
  readonly answers?: readonly AnswerEntry[] | undefined
  /** Where answers come from that none of those is for. */
  readonly upstream?: Upstream | undefined
  readonly conditions?: Conditions | undefined
}

/** What a run may have of its own so that it can be compared with another. */
export interface Conditions {
  /** Each task draws its chance from a stream of its own, so that one that draws more does not shift the others. */
  readonly chanceByTask?: boolean
  /** The wall clock is set forth or back; `atMs` since t = 0. */
  readonly wallStep?: { readonly atMs: number; readonly byMs: number }
  /** Retries are turned away before they cost the provider anything. */
  readonly retriesAreFree?: boolean
}

/** What a stage stands on. */
export interface StageParts<C extends RunClock> extends StageOptions {
  readonly clock: C
  /** Where it writes to; memory when absent. */
  readonly journal?: Journal
  /** How many times faster than an app's own work the run goes; 1 when absent. */
  readonly speed?: number
  /** How the time of the run goes by that which headers name; they are one when absent. */
  readonly pace?: Pace
  /** Whether an arrival is outside of what faults may befall; present where a real provider is behind the engine. */
  isSpared?(arrival: Arrival): boolean
  /** Present where a run goes on that another process has begun. */
  readonly since?: Since
}

/** A stage on virtual time, which has the globals' timers until it is disposed of. */
export function virtualStage(options: StageOptions): Stage<VirtualClock> {
  const clock = new VirtualClock({
    startMs: epochMs,
    owner: () => currentContext()?.life,
    onGaveUp: what => {
      stage.notices.add(`Waited 10 s of real time for ${what}; virtual time went on without it.`)
      stage.note('real-io', `waited in vain for ${what}`)
    },
  })
  const stage = new Stage({ ...options, clock })
  return stage
}

/** What every part of one run shares: its clock, its journal, the provider behind the wire, and the open tasks. */
export class Stage<C extends RunClock = RunClock> implements Disposable {
  readonly seed: number
  readonly clock: C
  readonly journal: Journal
  readonly world: World = createWorld()
  readonly attributor = new Attributor()
  readonly responder: Responder
  readonly network: Network
  /** Things worth a line in the report; each once. */
  readonly notices = new Set<string>()
  /** Aborted when the run is over. */
  readonly stopper = new AbortController()
  /** The instant of t = 0 once the app is up, ms since the epoch. */
  private zeroMs: number
  private isUp = false
  /** Nothing that happens now is part of the run any more. */
  over = false
  /** Called when the providers' side of the run has moved. */
  onMoved: () => void = () => {}
  private readonly streams = new Map<string, () => number>()
  private readonly conditions: Conditions
  /** Where time stands until the app is up again, ms since t = 0. */
  private readonly standsAt: number | undefined
  private planned: Plan
  private readonly speed: number

  constructor({ clock, journal = new Journal(), ...options }: StageParts<C>) {
    const { plan, seed, providers, answers, upstream, conditions = {} } = options
    this.conditions = conditions
    this.planned = plan
    this.standsAt = options.since?.t
    this.speed = options.speed ?? 1
    this.seed = seed
    this.clock = clock
    this.journal = journal
    this.zeroMs = clock.now() + plan.warmUpMs
    this.network = new Network(this.clock)
    const planNow = () => this.inForce
    this.responder = new Responder({
      get plan() {
        return planNow()
      },
      seed,
      providers,
      ...(answers && { answers }),
      ...(upstream && { upstream }),
      ...(conditions.retriesAreFree && { retriesAreFree: true }),
      ...(options.pace && { pace: options.pace }),
      ...(options.isSpared && { isSpared: options.isSpared }),
      ...(options.since && { since: options.since }),
      world: this.world,
      journal: this.journal,
      attributor: this.attributor,
      now: () => this.clock.now(),
      origin: () => this.originMs,
      t: () => this.t(),
      isOffline: () => this.network.isDown,
      onProgress: () => {
        this.clock.progress()
        this.onMoved()
      },
    })
  }

  /** Whether time stands still, as the app of a run that another process has begun is not up again. */
  get stands(): boolean {
    return this.standsAt !== undefined && !this.isUp
  }

  /** The plan as it befalls an arrival now: what an app does to come up again is no part of the outage. */
  get inForce(): Plan {
    return this.stands ? calm(this.planned) : this.planned
  }

  /** What is in force when. */
  get plan(): Plan {
    return this.planned
  }

  /** Time is laid out anew from now on: a phase is held, or cut short. Entries keep their places and their counts. */
  replan(plan: Plan): void {
    this.planned = plan
  }

  /** What takes an app `ms` of its own time, in ms of the run: nobody hurries a process that starts. */
  appMs(ms: number): number {
    return ms * this.speed
  }

  /** Ms since t = 0, whole. */
  t(): number {
    if (!this.isUp && this.standsAt !== undefined) return this.standsAt
    return Math.round(this.clock.now() - this.originMs)
  }

  /**
   * The instant of t = 0, ms since the epoch. Before the app is up nothing of the outage has begun, however long the start
   * takes; whoever sets it says that it is up.
   */
  get originMs(): number {
    if (this.isUp) return this.zeroMs
    if (this.standsAt !== undefined) return this.clock.now() - this.standsAt
    return Math.max(this.zeroMs, this.clock.now() + 1)
  }

  set originMs(ms: number) {
    this.zeroMs = ms
    this.isUp = true
  }

  /**
   * The healthy warm-up begins now, and with it the count of time: what was written before moves to before it, however
   * long the start took.
   */
  beginWarmUp(): void {
    const zeroMs = this.clock.now() + this.plan.warmUpMs
    const startMs = zeroMs - this.zeroMs
    this.originMs = zeroMs
    this.journal.moveBack(startMs)
  }

  /** Time goes on from where it stood: the app of a run that another process has begun is up again. */
  goOn(): void {
    this.originMs = this.clock.now() - (this.standsAt ?? 0)
  }

  /** Sets the wall clock when its time comes. To be called at the beginning of the warm-up. */
  scheduleWallStep(): void {
    const { wallStep } = this.conditions
    if (wallStep) this.clock.after(this.plan.warmUpMs + wallStep.atMs, () => this.clock.stepWall(wallStep.byMs))
  }

  /** `instance`: whom it is about; the one whose code runs now when absent. */
  note(kind: NoteKind, says: string, instance = currentContext()?.instance ?? -1): void {
    // What the end itself brings about is nobody's fault; that `stop` fails is.
    if ((this.over && kind !== 'stop-failed') || isFenced()) return
    const context = currentContext()
    this.journal.write({
      type: 'note',
      t: this.t(),
      kind,
      says: redact(says),
      ...(context?.task !== undefined && { task: context.task }),
      ...(instance >= 0 && { instance }),
    })
  }

  /** A host that is no surface of the run was asked for, or any by a way that nothing is carried on. */
  hostRefused(host: string, by?: 'http2'): void {
    if (this.over || isFenced()) return
    const says =
      by === 'http2'
        ? `${host} was asked for over HTTP/2, which a run does not carry: it was refused (ECONNREFUSED). Give its client a handler for HTTP/1.1.`
        : `${host} is no surface of this run: it was refused (ECONNREFUSED). To allow it, name it under \`surfaces:\`.`
    if (this.notices.has(says)) return
    this.notices.add(says)
    this.note('host-refused', says)
  }

  /** The random source of the instance whose code runs now; each of its lives has another. */
  chance(): () => number {
    const { instance = -1, life, task: id } = currentContext() ?? {}
    const generation = life?.generation ?? 0
    const task = this.conditions.chanceByTask && id !== undefined ? this.attributor.known(id) : undefined
    const key = task ? task.id : `${instance} ${generation}`
    const known = this.streams.get(key)
    if (known) return known
    const stream = task
      ? randomStream(this.seed, 'chance of a task', task.home ?? task.instance, task.user, task.number)
      : randomStream(this.seed, 'chance', instance, ...(generation === 0 ? [] : [generation]))
    this.streams.set(key, stream)
    return stream
  }

  /** Ends the run but for its last words: attempts still under way stay open in the journal, and everything is told to stop. */
  close(): void {
    if (this.over) return
    this.responder.closeAll()
    this.over = true
    this.stopper.abort(new DOMException('The run is over.', 'AbortError'))
  }

  /** The journal's last line. */
  end(reason: RunEnded['reason']): void {
    this.responder.close()
    const { sideEffects, ...counts } = this.world.ledger
    const ledger = { ...counts, sideEffects: [...sideEffects.values()].reduce((sum, times) => sum + times, 0) }
    this.journal.close({ type: 'run-ended', t: this.t(), reason, realIo: this.clock.sawRealWork, ledger })
  }

  [Symbol.dispose](): void {
    this.close()
    this.clock[Symbol.dispose]()
  }
}
