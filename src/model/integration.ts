import type { Scenario } from './scenario.ts'

/** The client module: the app under test, as blackstart starts it and asks it to do things. */
export interface Integration<App = unknown> {
  readonly name: string
  /** Once per instance and run. */
  start?(context: StartContext): App | Promise<App>
  /** One task. May return text, an object with `.text` or `content[].text`, an async iterable, a `ReadableStream` or a `Response`. */
  perform(app: App, task: TaskInput, context: PerformContext): unknown
  /** The app's own word on what an answer was. */
  settle?(answer: never, task: TaskInput): Settlement | Promise<Settlement>
  /** For apps that work through a queue of their own. */
  readonly jobs?: {
    /** Takes a job in. Returns its id (or something with an `id`); the task's own id when it returns neither. */
    submit(app: App, job: TaskInput): unknown
    /** Every job that the app knows of: `[{ id, state, attempts? }]`, state one of queued, running, done, failed, dead. */
    list(app: App): unknown
  }
  /** What the app would tell an orchestrator now: whether it takes traffic, and whether it should be left running. */
  health?(app: App): Health | Promise<Health>
  /** What an outage of this app stands on where no scenario says otherwise: its traffic, its surfaces, what it promises. */
  readonly assumes?: Assumptions
  stop?(app: App): unknown
  /** A fresh module graph for every run. */
  readonly isolate?: boolean
}

/** The parts of a scenario that are about the app rather than about the outage. */
export type Assumptions = Pick<Scenario, 'surfaces' | 'answers' | 'tokens' | 'workload' | 'expect'> & {
  readonly provider?: string
}

export interface Health {
  readonly ready: boolean
  readonly live: boolean
}

/** An earlier turn of a conversation, as its user saw it. */
export interface Turn {
  readonly prompt: string
  readonly answer: string
}

export interface StartContext {
  /** Base URLs and canary keys under the SDKs' own variable names. */
  readonly env: Readonly<Record<string, string>>
  readonly storage: Storage
  readonly signal: AbortSignal
  readonly instance: number
  /** Where the app may tell what the wire does not show. All of it is optional, and none of it changes the run. */
  readonly report: Reporter
}

/** Hooks of the app: each call is one line of the journal. */
export interface Reporter {
  breaker(change: BreakerReport): void
  cache(use: CacheReport): void
  queue(event: QueueReport): void
  tool(run: ToolReport): void
  retry(wait: RetryReport): void
}

export interface BreakerReport {
  /** What it guards: a provider, a model, a tenant. */
  readonly key: string
  readonly state: 'open' | 'half-open' | 'closed'
}

export interface CacheReport {
  readonly op: 'hit' | 'write' | 'evict'
  readonly key: string
  /** Age of what was read, ms. */
  readonly ageMs?: number
  /** What is written or read; only its marks are kept. */
  readonly text?: string
}

export interface QueueReport {
  readonly op: 'accepted' | 'started' | 'done' | 'dead' | 'expired' | 'rejected'
  readonly job: string
  readonly reason?: string
}

export interface ToolReport {
  /** The model's id of the tool call. */
  readonly id: string
  readonly name: string
  /** `none` for a tool that only reads. */
  readonly effect?: 'none' | 'once'
  /** The app's own name for what it does, the same in a repetition. */
  readonly key?: string
}

export interface RetryReport {
  /** Why: a status, an error class. */
  readonly cause: string
  /** How long it waits before, ms. */
  readonly delayMs: number
  /** Which attempt comes next, from 2. */
  readonly attempt: number
}

export interface TaskInput {
  readonly id: string
  /** Carries the question's mark, `[q:ID]`; keep it in what you send. */
  readonly prompt: string
  readonly question: string
  readonly tenant: string
  readonly session: string
  readonly user: string
  readonly stream: boolean
  readonly class: string
  /** In a conversation: the how-manieth of its `turns` this is, from 1. `session` names the conversation. */
  readonly turn?: number
  readonly turns?: number
  /** In a conversation: its earlier turns that were answered, oldest first. */
  readonly history?: readonly Turn[]
  /** In a conversation: whether the app is to offer the model its tools. */
  readonly tools?: boolean
}

export interface PerformContext {
  readonly signal: AbortSignal
}

export interface Settlement {
  readonly outcome: 'ok' | 'degraded' | 'queued' | 'failed'
  readonly source?: 'live' | 'cache' | 'fallback' | 'queue'
  readonly text?: string
  readonly complete?: boolean
  readonly labelled?: boolean
  readonly ageMs?: number
  readonly jobId?: string
}

/** Survives `restart` and `crash`; fresh in each run. */
export interface Storage {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
  list(prefix?: string): Promise<readonly string[]>
  /** A private real folder, made when first asked for. */
  readonly dir: string
}

/** Adds types to a client module; returns it as it is. */
export function defineIntegration<App>(integration: Integration<App>): Integration<App> {
  return integration
}
