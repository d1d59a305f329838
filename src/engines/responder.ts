import { type Attributor, currentContext, type OpenTask } from '../attribution/attribution.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import type { Arrival } from '../model/arrival.ts'
import { type Decision, decide } from '../model/decide.ts'
import { enterInLedger } from '../model/ledger.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import { type Plan, phaseNameAt } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import { asksOf } from '../providers/asks.ts'
import { foreignKeys } from '../providers/credential.ts'
import type { Provider, Recognised, WireRequest } from '../providers/provider.ts'
import { Calls, type Counted, type KnownCall, nothingYet } from './calls.ts'
import { effectName, Targets, turnedAway, untouched } from './decisions.ts'
import { type Exchange, OpenExchange, outcomeOf } from './exchange.ts'
import { offline } from './network.ts'
import { inRealTime, type Pace } from './pace.ts'
import { isOnlySlow, lengthOf, processedAs } from './processed.ts'
import { type Decided, Rendering } from './rendering.ts'
import { freeSlot, inItsTime, waitOf } from './served.ts'
import { sideEffectOf } from './side-effect.ts'
import type { Upstream } from './upstream.ts'

export interface ResponderOptions {
  readonly plan: Plan
  readonly world: World
  readonly seed: number
  readonly providers: readonly Provider[]
  readonly journal: Journal
  readonly attributor: Attributor
  /** Answers of the user's own, tried in this order. */
  readonly answers?: readonly AnswerEntry[]
  /** Where answers come from that none of those is for. */
  readonly upstream?: Upstream
  /** What an earlier process of the same run has counted. */
  readonly since?: Counted
  /** Ms since the epoch, on the run's clock. */
  now(): number
  /** The instant of t = 0, ms since the epoch. */
  origin(): number
  /** Ms since t = 0, whole; told by the two above when absent. */
  t?(): number
  /** Whether the app's own network is gone: what it sends reaches nobody. */
  isOffline?(): boolean
  /** Whether an arrival is outside of what faults may befall; present where a real provider is behind the engine. */
  isSpared?(arrival: Arrival): boolean
  /** Present where the run's time is not everybody's. */
  readonly pace?: Pace
  /** Retries are turned away before they cost the provider anything: the same calls as if nobody retried. */
  readonly retriesAreFree?: boolean
  /** Something moved. */
  onProgress?(): void
}

/** What an engine with real connections knows of a request. */
export interface Arriving {
  /** Nothing was asked before on its connection. */
  readonly isFresh?: boolean
}

/**
 * The core that all engines share: recognises a request, finds its task, decides, renders, and keeps the journal. What
 * is left to an engine is to perform the script.
 */
export class Responder {
  private readonly options: ResponderOptions
  private readonly calls: Calls
  private readonly rendering: Rendering
  /** Requests as they came, for another server to answer. */
  private readonly asked = new WeakMap<Recognised, WireRequest>()
  private readonly leaks = new Set<string>()
  private readonly targets: Targets
  private closed = false
  private attempts: number
  private strangers: number
  private readonly open = new Map<string, Exchange>()

  constructor(options: ResponderOptions) {
    this.options = options
    const { calls, attempts, strangers } = options.since ?? nothingYet
    this.calls = new Calls(calls)
    this.attempts = attempts
    this.strangers = strangers
    this.targets = new Targets(options.plan, options.world)
    this.rendering = new Rendering(options)
  }

  get attemptCount(): number {
    return this.attempts
  }

  /** Ms since t = 0, as the journal writes them. */
  t(): number {
    return this.options.t?.() ?? Math.round(this.options.now() - this.options.origin())
  }

  recognise(request: WireRequest): Recognised | undefined {
    const { upstream } = this.options
    if (this.closed || request.url.host === upstream?.host) return undefined
    for (const provider of this.options.providers) {
      const recognised = provider.recognise(request)
      if (!recognised) continue
      if (upstream) this.asked.set(recognised, request)
      return recognised
    }
    return undefined
  }

  /** Decides what happens to a recognised request and opens its attempt. */
  answer(recognised: Recognised, headers: Readonly<Record<string, string>>, arriving: Arriving = {}): Exchange {
    const { plan, world, seed, attributor } = this.options
    const t = this.t()
    const context = currentContext()
    const fingerprint = `${recognised.provider} ${recognised.bodyHash}`
    const { task, by } = attributor.find({
      header: headers['blackstart-call'],
      trace: headers['traceparent']?.split('-')[1],
      context,
      question: recognised.question,
      fingerprint,
    })
    const instance = task?.instance ?? context?.instance ?? -1
    const call = this.callOf(recognised, task, instance, t)
    const arrival = this.arrivalOf(recognised, task, instance, call, { ...arriving, headers })
    const isOffline = this.options.isOffline?.() === true
    if (!isOffline) {
      this.noteLeaks(recognised, headers, task)
      this.targets.touch(arrival)
    }
    const isFree = this.options.retriesAreFree === true && t >= 0 && call.attempts > 0
    const isSpared = this.options.isSpared?.(arrival) === true
    const decided = isOffline
      ? offline
      : isFree
        ? turnedAway
        : isSpared
          ? untouched
          : decide(plan, world, arrival, t, seed)
    const { pace } = this.options
    const decision = pace ? inRealTime(decided, pace.speed) : decided
    const id = `a${++this.attempts}`
    call.attempts++
    if (task) task.inFlight++
    const { effect, rateLimits, served } = decision
    const owner = task?.id ?? `stranger ${id}`
    const request: Decided = { effect, recognised, arrival, attemptId: id, owner, rateLimits }
    const { script: rendered, outputTokens, isOwn } = this.rendering.render(request)
    const script = inItsTime(rendered, served, t)
    const waitMs = waitOf(served, t)
    const processed = outputTokens === undefined ? undefined : processedAs(effect, script)
    this.write({
      type: 'attempt-started',
      t,
      attempt: id,
      call: call.id,
      ...(task && { task: task.id }),
      n: call.attempts,
      instance,
      provider: recognised.provider,
      surface: recognised.surface,
      ...(recognised.model !== undefined && { model: recognised.model }),
      streaming: recognised.streaming,
      key: recognised.key,
      bodyHash: recognised.bodyHash,
      ...(recognised.retryCount !== undefined && { retryCount: recognised.retryCount }),
      attributedBy: by,
      phase: phaseNameAt(plan.phases, t, plan.lengthMs),
      effect: isOffline ? 'offline' : effectName(decision),
      ...(decision.fault !== undefined && { fault: decision.fault }),
      ...(decision.entry !== undefined && { entry: decision.entry }),
      ...(waitMs > 0 && { waitMs }),
      ...(isOnlySlow(effect, processed) && { takesMs: lengthOf(script) }),
      ...(processed !== undefined && { processed }),
    })
    if (processed !== undefined) {
      enterInLedger(world.ledger, processed, recognised.inputTokens, outputTokens ?? 0)
      const effect = sideEffectOf(world.ledger, { t, recognised, processed, attempt: id, call, task })
      if (effect) this.write(effect)
    }
    const exchange = new OpenExchange(id, script, outcomeOf(effect, script), {
      write: event => this.write(event),
      t: () => this.t(),
      now: () => pace?.wall() ?? this.options.now(),
      ...(pace && { speed: pace.speed }),
      onEnded: outcome => {
        freeSlot(served, outcome, this.t())
        outlive?.()
        if (task) task.inFlight--
        if (task && outcome === 'ok') attributor.answered(task, fingerprint)
        this.open.delete(id)
      },
    })
    if (this.options.isSpared)
      exchange.about = { effect, request: recognised, context: this.rendering.contextOf(request) }
    // The provider sees a process that dies as a client that hangs up.
    const outlive = context?.life?.onEnd(() => exchange.ended('process-gone', 0))
    this.open.set(id, exchange)
    // Only what the provider would have worked on is worked on elsewhere; what it turns down never gets there.
    if (outputTokens !== undefined && !isOwn) exchange.ready = this.fromElsewhere(exchange, request, served, t)
    return exchange
  }

  /** Lets another server answer, and makes of its answer what the effect makes of any. */
  private fromElsewhere(
    exchange: OpenExchange,
    decided: Decided,
    served: Decision['served'],
    t: number,
  ): Promise<void> | undefined {
    const request = this.asked.get(decided.recognised)
    return (
      request &&
      this.options.upstream?.ask(request).then(given => {
        const { script } = this.rendering.render({ ...decided, given })
        exchange.script = inItsTime(script, served, t)
        exchange.whole = outcomeOf(decided.effect, exchange.script)
      })
    )
  }

  /** Nothing is recognised any more. */
  close(): void {
    this.closeAll()
    this.closed = true
  }

  /** Ends what is still open, when the run does. */
  closeAll(): void {
    for (const exchange of [...this.open.values()]) exchange.ended('open', 0)
  }

  private write(event: JournalEvent): void {
    this.options.journal.write(event)
    this.options.onProgress?.()
  }

  private callOf(recognised: Recognised, task: OpenTask | undefined, instance: number, t: number): KnownCall {
    const owner = task?.id ?? `instance ${instance}`
    const { provider, surface, model, streaming, bodyHash } = recognised
    const { call, isNew } = this.calls.of(owner, `${provider} ${surface} ${bodyHash}`)
    if (isNew) {
      const asks = asksOf(recognised.json)
      this.write({
        type: 'call-started',
        t,
        call: call.id,
        ...(task && { task: task.id }),
        provider,
        surface,
        ...(model !== undefined && { model }),
        streaming,
        bodyHash,
        ...(asks && { asks }),
      })
    }
    return call
  }

  private arrivalOf(
    recognised: Recognised,
    task: OpenTask | undefined,
    instance: number,
    call: KnownCall,
    { headers, isFresh }: Arriving & { readonly headers: Readonly<Record<string, string>> },
  ): Arrival {
    return {
      provider: recognised.provider,
      surface: recognised.surface,
      model: recognised.model,
      streaming: recognised.streaming,
      key: recognised.key,
      tenant: task?.tenant,
      region: headers['blackstart-region'] ?? recognised.region,
      session: task?.session,
      inputTokens: recognised.inputTokens,
      maxOutputTokens: recognised.maxOutputTokens,
      instance: task?.home ?? instance,
      user: task?.user ?? -1,
      taskNumber: task?.number ?? -1,
      attemptNumber: task ? ++task.attempts : ++this.strangers,
      call: call.id,
      callNumber: call.number,
      ...(isFresh !== undefined && { isFresh }),
    }
  }

  private noteLeaks(recognised: Recognised, headers: Readonly<Record<string, string>>, task?: OpenTask): void {
    for (const name of foreignKeys(recognised, headers)) {
      if (this.leaks.has(name)) continue
      this.leaks.add(name)
      const says = `The key of ${name.slice('canary:'.length)} was sent to ${recognised.provider}.`
      this.write({ type: 'note', t: this.t(), kind: 'key-leak', says, ...(task && { task: task.id }) })
    }
  }
}
