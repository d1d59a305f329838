import { type Attributor, currentContext, type OpenTask } from '../attribution/attribution.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { draw } from '../lib/draw.ts'
import { type Arrival, surfaceName } from '../model/arrival.ts'
import { decide, isTarget } from '../model/decide.ts'
import type { Effect } from '../model/effect.ts'
import { type Plan, phaseNameAt, plannedFaults, plannedLimits } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import type { Provider, Recognised, Script, WireRequest } from '../providers/provider.ts'
import { Calls, type KnownCall } from './calls.ts'
import { type Exchange, OpenExchange, outcomeOf } from './exchange.ts'

export interface ResponderOptions {
  readonly plan: Plan
  readonly world: World
  readonly seed: number
  readonly providers: readonly Provider[]
  readonly journal: Journal
  readonly attributor: Attributor
  /** Ms since the epoch, on the run's clock. */
  now(): number
  /** The instant of t = 0, ms since the epoch. */
  origin(): number
  /** Something moved. */
  onProgress?(): void
}

/**
 * The core that all engines share: recognises a request, finds its task, decides, renders, and keeps the journal. What
 * is left to an engine is to perform the script.
 */
export class Responder {
  private readonly options: ResponderOptions
  private readonly calls = new Calls()
  private readonly tools = new Map<string, Set<string>>()
  private readonly leaks = new Set<string>()
  private readonly targets: ReturnType<typeof targetsOf>
  private closed = false
  private attempts = 0
  private strangers = 0
  private readonly open = new Map<string, Exchange>()

  constructor(options: ResponderOptions) {
    this.options = options
    this.targets = targetsOf(options.plan)
  }

  get attemptCount(): number {
    return this.attempts
  }

  /** Ms since t = 0, as the journal writes them. */
  t(): number {
    return Math.round(this.options.now() - this.options.origin())
  }

  recognise(request: WireRequest): Recognised | undefined {
    if (this.closed) return undefined
    for (const provider of this.options.providers) {
      const recognised = provider.recognise(request)
      if (recognised) return recognised
    }
    return undefined
  }

  /** Decides what happens to a recognised request and opens its attempt. */
  answer(recognised: Recognised, headers: Readonly<Record<string, string>>): Exchange {
    const { plan, world, seed, attributor } = this.options
    const t = this.t()
    const context = currentContext()
    const { task, by } = attributor.find({
      header: headers['blackstart-call'],
      trace: headers['traceparent']?.split('-')[1],
      context,
      question: recognised.question,
      fingerprint: `${recognised.provider} ${recognised.bodyHash}`,
    })
    const instance = task?.instance ?? context?.instance ?? -1
    const call = this.callOf(recognised, task, instance, t)
    const arrival = this.arrivalOf(recognised, task, instance, call, headers)
    this.noteLeak(recognised, task)
    this.touch(arrival)
    const decision = decide(plan, world, arrival, t, seed)
    const id = `a${++this.attempts}`
    call.attempts++
    if (task) task.inFlight++
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
      effect: decision.limited ? 'limited' : decision.effect.type,
      ...(decision.fault !== undefined && { fault: decision.fault }),
      ...(decision.entry !== undefined && { entry: decision.entry }),
    })
    const script = this.render(decision.effect, recognised, arrival, id, task, decision.rateLimits)
    this.keepLedger(decision.effect, script, recognised)
    const exchange = new OpenExchange(id, script, outcomeOf(decision.effect, script), {
      write: event => this.write(event),
      t: () => this.t(),
      now: () => this.options.now(),
      onEnded: () => {
        if (task) task.inFlight--
        this.open.delete(id)
      },
    })
    this.open.set(id, exchange)
    return exchange
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

  private render(
    effect: Effect,
    recognised: Recognised,
    arrival: Arrival,
    attemptId: string,
    task: OpenTask | undefined,
    rateLimits: Parameters<Provider['render']>[2]['rateLimits'],
  ): Script {
    const { seed, providers } = this.options
    const provider = providers.find(p => p.id === recognised.provider)
    const toolsCalled = this.toolsOf(task?.id ?? `stranger ${attemptId}`)
    if (!provider) return { type: 'refuse' }
    return provider.render(effect, recognised, {
      nowMs: this.options.now(),
      attemptId,
      rateLimits,
      draw: purpose =>
        draw(seed, 'render', purpose, arrival.instance, arrival.user, arrival.taskNumber, arrival.attemptNumber),
      toolsCalled,
      onToolCall: name => toolsCalled.add(name),
    })
  }

  private toolsOf(task: string): Set<string> {
    let tools = this.tools.get(task)
    if (!tools) {
      tools = new Set()
      this.tools.set(task, tools)
    }
    return tools
  }

  private callOf(recognised: Recognised, task: OpenTask | undefined, instance: number, t: number): KnownCall {
    const owner = task?.id ?? `instance ${instance}`
    const { provider, surface, model, streaming, bodyHash } = recognised
    const { call, isNew } = this.calls.of(owner, `${provider} ${surface} ${bodyHash}`)
    if (isNew)
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
      })
    return call
  }

  private arrivalOf(
    recognised: Recognised,
    task: OpenTask | undefined,
    instance: number,
    call: KnownCall,
    headers: Readonly<Record<string, string>>,
  ): Arrival {
    return {
      provider: recognised.provider,
      surface: recognised.surface,
      model: recognised.model,
      streaming: recognised.streaming,
      key: recognised.key,
      tenant: task?.tenant,
      region: headers['blackstart-region'],
      session: task?.session,
      inputTokens: recognised.inputTokens,
      maxOutputTokens: recognised.maxOutputTokens,
      instance,
      user: task?.user ?? -1,
      taskNumber: task?.number ?? -1,
      attemptNumber: task ? ++task.attempts : ++this.strangers,
      call: call.id,
      callNumber: call.number,
    }
  }

  private touch(arrival: Arrival): void {
    const { touched } = this.options.world
    const surface = surfaceName(arrival.provider, arrival.surface)
    for (let i = this.targets.length - 1; i >= 0; i--) {
      const target = this.targets[i]
      if (!target || !isTarget(target, arrival, surface)) continue
      touched.add(target.index)
      this.targets.splice(i, 1)
    }
  }

  private noteLeak(recognised: Recognised, task: OpenTask | undefined): void {
    if (!recognised.key.startsWith('canary:') || this.leaks.has(recognised.key)) return
    this.leaks.add(recognised.key)
    this.write({
      type: 'note',
      t: this.t(),
      kind: 'key-leak',
      says: `The key of ${recognised.key.slice('canary:'.length)} was sent to ${recognised.provider}.`,
      ...(task && { task: task.id }),
    })
  }

  private keepLedger(effect: Effect, script: Script, recognised: Recognised): void {
    const { ledger } = this.options.world
    const processed = effect.type === 'lose' || (script.type === 'respond' && script.good)
    if (!processed) return
    ledger.completions++
    ledger.inputTokens += recognised.inputTokens
    if (effect.type === 'lose') ledger.lost++
  }
}

function targetsOf(plan: Plan) {
  return [...plannedFaults(plan), ...plannedLimits(plan)]
}
