import { Attributor, currentContext, isFenced } from '../attribution/attribution.ts'
import { VirtualClock } from '../clock/virtual.ts'
import { Network } from '../engines/network.ts'
import { Responder } from '../engines/responder.ts'
import type { Upstream } from '../engines/upstream.ts'
import type { NoteKind, RunEnded } from '../journal/event.ts'
import { Journal } from '../journal/journal.ts'
import { redact } from '../journal/redact.ts'
import { randomStream } from '../lib/draw.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { createWorld, type World } from '../model/world.ts'
import type { Provider } from '../providers/provider.ts'

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
}

/** What every part of one run shares: its clock, its journal, the provider behind the wire, and the open tasks. */
export class Stage implements Disposable {
  readonly plan: Plan
  readonly seed: number
  readonly clock: VirtualClock
  readonly journal = new Journal()
  readonly world: World = createWorld()
  readonly attributor = new Attributor()
  readonly responder: Responder
  readonly network: Network
  /** Things worth a line in the report; each once. */
  readonly notices = new Set<string>()
  /** Aborted when the run is over. */
  readonly stopper = new AbortController()
  /** The instant of t = 0, ms since the epoch. */
  originMs: number
  /** Nothing that happens now is part of the run any more. */
  over = false
  private readonly streams = new Map<string, () => number>()

  constructor({ plan, seed, providers, answers, upstream }: StageOptions) {
    this.plan = plan
    this.seed = seed
    this.originMs = epochMs + plan.warmUpMs
    this.clock = new VirtualClock({
      startMs: epochMs,
      owner: () => currentContext()?.life,
      onGaveUp: what => {
        this.notices.add(`Waited 10 s of real time for ${what}; virtual time went on without it.`)
        this.note('real-io', `waited in vain for ${what}`)
      },
    })
    this.network = new Network(this.clock)
    this.responder = new Responder({
      plan,
      seed,
      providers,
      ...(answers && { answers }),
      ...(upstream && { upstream }),
      world: this.world,
      journal: this.journal,
      attributor: this.attributor,
      now: () => this.clock.now(),
      origin: () => this.originMs,
      isOffline: () => this.network.isDown,
      onProgress: () => this.clock.progress(),
    })
  }

  /** Ms since t = 0, whole. */
  t(): number {
    return Math.round(this.clock.now() - this.originMs)
  }

  /**
   * The healthy warm-up begins now, and with it the count of time: what was written before moves to before it, however
   * long the start took.
   */
  beginWarmUp(): void {
    const startMs = this.clock.now() + this.plan.warmUpMs - this.originMs
    this.originMs += startMs
    this.journal.moveBack(startMs)
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
    const { instance = -1, life } = currentContext() ?? {}
    const generation = life?.generation ?? 0
    const key = `${instance} ${generation}`
    const known = this.streams.get(key)
    if (known) return known
    const stream = randomStream(this.seed, 'chance', instance, ...(generation === 0 ? [] : [generation]))
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
