import { expect } from 'vitest'
import type { RunResult } from '../../../src/index.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, scenario } from '../run/support.ts'

/** Nothing goes wrong for two minutes; the questions come out of a pool of this many. */
export const calm = (questions: number) =>
  `${scenario('{ name: quiet, for: 2m }')}workload: { questions: ${questions} }\n`

/** Half of all requests are refused for two minutes. */
export const rough = (questions: number) =>
  `${scenario('{ name: down, for: 2m, faults: [{ surface: api, fault: overloaded, share: 50% }] }')}workload: { questions: ${questions} }\n`

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/** One request, or an error that carries its status. */
export async function ask(prompt: string, { headers, body }: AskOptions = {}): Promise<Answer> {
  const response = await fetch(messagesUrl, {
    method: 'POST',
    headers: { ...messagesHeaders(), ...headers },
    body: messagesBody(prompt, body),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return (await response.json()) as Answer
}

export interface Answer {
  readonly content: readonly {
    readonly type: string
    readonly text?: string
    readonly id: string
    readonly name: string
  }[]
}

/** A prompt that tells nothing about the task it belongs to. */
export const unmarked = 'Say hello.'

export const saysOk = () => ({ outcome: 'ok' as const })

/**
 * Attempts reach the journal in the order in which they are sent: `sent` has the task that each one was truly sent for.
 * All were found by one way.
 */
export function expectAttributed(result: RunResult, sent: readonly string[], by: string): void {
  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.length).toBeGreaterThan(20)
  expect(attempts.map(({ task }) => task)).toEqual(sent)
  expect(new Set(attempts.map(({ attributedBy }) => attributedBy))).toEqual(new Set([by]))
}

/** How many there are of each task's, by the task. */
export function countByTask(events: readonly { readonly task?: string }[]): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>()
  for (const { task } of events) counts.set(task, (counts.get(task) ?? 0) + 1)
  return counts
}

/** The most attempts that any task ever had under way at once. */
export function mostInFlight(result: RunResult): number {
  const taskOf = new Map<string, string | undefined>()
  const inFlight = new Map<string | undefined, number>()
  let most = 0
  for (const event of result.journal) {
    if (event.type !== 'attempt-started' && event.type !== 'attempt-ended') continue
    if (event.type === 'attempt-started') taskOf.set(event.attempt, event.task)
    const task = taskOf.get(event.attempt)
    const now = (inFlight.get(task) ?? 0) + (event.type === 'attempt-started' ? 1 : -1)
    inFlight.set(task, now)
    most = Math.max(most, now)
  }
  return most
}

/** A queue in the app's memory, and what a worker takes from it. */
export class Queue<T> {
  private readonly items: T[] = []
  private readonly waiting: ((item: T) => void)[] = []

  push(item: T): void {
    const taker = this.waiting.shift()
    if (taker) taker(item)
    else this.items.push(item)
  }

  take(): Promise<T> {
    const item = this.items.shift()
    return item === undefined ? new Promise(resolve => this.waiting.push(resolve)) : Promise.resolve(item)
  }
}

/** A question in a queue, and whom to tell. */
export interface Job {
  readonly id: string
  readonly prompt: string
  resolve(answer: unknown): void
  reject(error: unknown): void
}
