import { draw } from '../lib/draw.ts'
import { type Arrival, surfaceName } from '../model/arrival.ts'
import { downStretches } from '../model/down.ts'
import type { Effect } from '../model/effect.ts'
import type { AnswerEntry } from '../model/scenario.ts'
import { statusAt } from '../model/status.ts'
import type { Plan, Span } from '../model/timeline.ts'
import { storeOf, type World } from '../model/world.ts'
import { type PlannedAnswer, planAnswers } from '../providers/answers.ts'
import type { Provider, RateLimitView, Recognised, RenderContext, Script } from '../providers/provider.ts'
import type { RawResponse } from '../providers/recorded.ts'
import type { Pace } from './pace.ts'

export interface RenderingOptions {
  readonly plan: Plan
  readonly world: World
  readonly seed: number
  readonly providers: readonly Provider[]
  readonly answers?: readonly AnswerEntry[]
  now(): number
  origin(): number
  /** Present where the run's time is not everybody's. */
  readonly pace?: Pace
}

/** One attempt whose effect is decided. */
export interface Decided {
  readonly effect: Effect
  readonly recognised: Recognised
  readonly arrival: Arrival
  readonly attemptId: string
  /** Whose tools and answers are counted together: a task, or a single attempt that belongs to none. */
  readonly owner: string
  readonly rateLimits: readonly RateLimitView[]
  /** What another server has answered, in place of the provider's own words. */
  readonly given?: RawResponse
}

export interface Rendered {
  readonly script: Script
  /** Of what the provider worked on; absent when it did not. */
  readonly outputTokens?: number
  /** The answer was one of the user's own. */
  readonly isOwn: boolean
}

/** What a provider tells while it renders. */
interface Told {
  onProcessed?(outputTokens: number): void
  onOwnAnswer?(): void
}

/** Asks providers for scripts, and remembers for each task what was already called and said in it. */
export class Rendering {
  private readonly options: RenderingOptions
  private readonly answers: readonly PlannedAnswer[] | undefined
  private readonly tools = new Map<string, Set<string>>()
  private readonly answered = new Map<string, Map<number, number>>()

  constructor(options: RenderingOptions) {
    this.options = options
    const { answers = [], plan } = options
    this.answers = answers.length === 0 ? undefined : planAnswers(plan.scenario, answers)
  }

  render(decided: Decided): Rendered {
    const { effect, recognised } = decided
    const provider = this.options.providers.find(({ id }) => id === recognised.provider)
    if (!provider) return { script: { type: 'refuse' }, isOwn: false }
    let outputTokens: number | undefined
    let isOwn = false
    const context = this.contextOf(decided, {
      onProcessed: tokens => {
        outputTokens = tokens
      },
      onOwnAnswer: () => {
        isOwn = true
      },
    })
    const script = provider.render(effect, recognised, context)
    return { script, isOwn, ...(outputTokens !== undefined && { outputTokens }) }
  }

  /** What a provider is told when it is asked for a script. */
  contextOf(decided: Decided, { onProcessed, onOwnAnswer }: Told = {}): RenderContext {
    const { recognised, arrival, attemptId, owner, rateLimits, given } = decided
    const { plan, world, seed, pace } = this.options
    const { provider } = recognised
    const nowMs = this.options.now()
    const originMs = this.options.origin()
    const wallMs = pace?.wall() ?? nowMs
    /** An instant of the run by the clock that `nowMs` of the context is read from. */
    const wallOf = (t: number) => wallMs + (originMs + t - nowMs) / (pace?.speed ?? 1)
    const lifetime = plan.scenario.tokens?.lifetime
    return {
      nowMs: wallMs,
      attemptId,
      rateLimits,
      store: storeOf(world, provider),
      ...(pace && { speed: pace.speed }),
      ...(lifetime !== undefined && { tokenLifetimeMs: lifetime / (pace?.speed ?? 1) }),
      statusPage: () => ({ view: statusAt(plan, provider, Math.round(nowMs - originMs)), originMs: wallOf(0) }),
      down: surface => downStretches(plan, surfaceName(provider, surface)).map(span => mapped(span, wallOf)),
      draw: purpose =>
        draw(seed, 'render', purpose, arrival.instance, arrival.user, arrival.taskNumber, arrival.attemptNumber),
      // Kept for who has any: most requests call no tool, and without a task each is an owner of its own.
      toolsCalled: this.tools.get(owner) ?? noTools,
      onToolCall: name => entryOf(this.tools, owner, () => new Set<string>()).add(name),
      ...(this.answers && this.ownAnswers(this.answers, owner, onOwnAnswer)),
      ...(given && { given }),
      ...(onProcessed && { onProcessed }),
    }
  }

  private ownAnswers(answers: readonly PlannedAnswer[], owner: string, onOwnAnswer?: () => void) {
    return {
      answers,
      answered: this.answered.get(owner) ?? noAnswers,
      onAnswered: (place: number) => {
        onOwnAnswer?.()
        // Nobody asks again of one that may be given for ever.
        if (answers[place]?.times === undefined) return
        const answered = entryOf(this.answered, owner, () => new Map<number, number>())
        answered.set(place, (answered.get(place) ?? 0) + 1)
      },
    }
  }
}

const noTools: ReadonlySet<string> = new Set()
const noAnswers: ReadonlyMap<number, number> = new Map()

function mapped({ startMs, endMs }: Span, at: (t: number) => number): Span {
  return { startMs: at(startMs), endMs: at(endMs) }
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
