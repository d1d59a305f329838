import { type Attributor, currentContext, type OpenTask } from '../attribution/attribution.ts'
import type { AttemptOutcome, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { draw } from '../lib/draw.ts'
import { type Arrival, surfaceName } from '../model/arrival.ts'
import { decide, isTarget } from '../model/decide.ts'
import type { Effect } from '../model/effect.ts'
import { type Plan, phaseNameAt, plannedFaults, plannedLimits } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import type { Provider, Recognised, Script, WireRequest } from '../providers/provider.ts'

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

/** One attempt between its arrival and its end. Engines perform `script` and report what the client saw of it. */
export interface Exchange {
  readonly id: string
  readonly script: Script
  /** Outcome when the script ran to its end. */
  readonly whole: AttemptOutcome
  headers(status: number, headers: Readonly<Record<string, string>>): void
  /** Only the first call counts. */
  ended(outcome: AttemptOutcome, bytes: number): void
}

interface KnownCall {
  readonly id: string
  attempts: number
}

/**
 * The core that all engines share: recognises a request, finds its task, decides, renders, and keeps the journal. What
 * is left to an engine is to perform the script.
 */
export class Responder {
  private readonly options: ResponderOptions
  private readonly calls = new Map<string, KnownCall>()
  private readonly tools = new Map<string, Set<string>>()
  private readonly leaks = new Set<string>()
  private readonly targets: ReturnType<typeof targetsOf>
  private attempts = 0
  private strangers = 0
  private readonly open = new Map<string, Exchange>()

  constructor(options: ResponderOptions) {
    this.options = options
    this.targets = targetsOf(options.plan)
  }

  get journal(): Journal {
    return this.options.journal
  }

  get attemptCount(): number {
    return this.attempts
  }

  /** Ms since t = 0, as the journal writes them. */
  t(): number {
    return Math.round(this.options.now() - this.options.origin())
  }

  recognise(request: WireRequest): Recognised | undefined {
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
    const key = `${owner}|${recognised.provider}|${recognised.surface}|${recognised.bodyHash}`
    let call = this.calls.get(key)
    if (call) return call
    call = { id: `c${this.calls.size + 1}`, attempts: 0 }
    this.calls.set(key, call)
    this.write({
      type: 'call-started',
      t,
      call: call.id,
      ...(task && { task: task.id }),
      provider: recognised.provider,
      surface: recognised.surface,
      ...(recognised.model !== undefined && { model: recognised.model }),
      streaming: recognised.streaming,
      bodyHash: recognised.bodyHash,
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

class OpenExchange implements Exchange {
  readonly id: string
  readonly script: Script
  readonly whole: AttemptOutcome
  private readonly io: { write(event: JournalEvent): void; t(): number; now(): number; onEnded(): void }
  private done = false

  constructor(id: string, script: Script, whole: AttemptOutcome, io: OpenExchange['io']) {
    this.id = id
    this.script = script
    this.whole = whole
    this.io = io
  }

  headers(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.done) return
    const retryAfterMs = retryAfterOf(headers, this.io.now())
    const shouldRetry = headers['x-should-retry']
    this.io.write({
      type: 'attempt-headers',
      t: this.io.t(),
      attempt: this.id,
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(shouldRetry !== undefined && { shouldRetry: shouldRetry === 'true' }),
    })
  }

  ended(outcome: AttemptOutcome, bytes: number): void {
    if (this.done) return
    this.done = true
    this.io.write({ type: 'attempt-ended', t: this.io.t(), attempt: this.id, outcome, bytes })
    this.io.onEnded()
  }
}

/** Valid and positive waits only, in ms: `retry-after-ms`, then `retry-after` as seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterOf(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (ms > 0) return Math.round(ms)
  const text = headers['retry-after']
  if (text === undefined) return undefined
  const seconds = Number(text)
  const wait = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * 1_000
  return wait > 0 ? Math.round(wait) : undefined
}

/** What a client has seen when the script ran to its end. */
function outcomeOf(effect: Effect, script: Script): AttemptOutcome {
  if (script.type !== 'respond') return 'open'
  if (script.status >= 400) return 'error'
  if (script.good) return 'ok'
  const inner = effect.type === 'delay' ? effect.then : effect
  switch (inner.type) {
    case 'stream-error':
      return 'stream-error'
    case 'garble':
      return inner.how === 'no-stop' || inner.how === 'truncated-json' ? 'cut' : 'garbled'
    case 'empty':
      return 'empty'
    case 'wrong':
      return 'wrong'
    case 'cut':
      return 'cut'
    default:
      return 'error'
  }
}

function targetsOf(plan: Plan) {
  return [...plannedFaults(plan), ...plannedLimits(plan)]
}
