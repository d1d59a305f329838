import type { JournalEvent, Outcome } from '../journal/event.ts'
import { levelAt } from '../model/level.ts'
import { type Plan, plannedLimits } from '../model/timeline.ts'
import { Latencies } from './latencies.ts'
import type { Bin, Bins } from './protocol.ts'

/** So many at most: a chart has no more columns to show them. */
const binsAtMost = 300

interface OpenBin {
  readonly tasks: Partial<Record<Outcome, number>>
  readonly attempts: Record<string, number>
  calls: number
  retries: number
  readonly took: Latencies
  backlog: number
  readonly providers: Record<string, number>
  limited: number
}

/** The charts of a show while it goes on: what happened, in bins of equal width. An event costs the same however many came before. */
export class ChartBook {
  /** When the first bin begins, ms of the scenario. */
  readonly startMs: number
  private width: number
  private bins: OpenBin[] = []
  /** When each open task began. */
  private readonly begun = new Map<string, number>()
  private readonly jobs = new Set<string>()

  /** `startMs` to `endMs`: what is planned. What takes longer makes the bins wider. */
  constructor({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) {
    this.startMs = startMs
    this.width = Math.max(1, Math.ceil((endMs - startMs) / binsAtMost))
  }

  get widthMs(): number {
    return this.width
  }

  take(event: JournalEvent): void {
    const bin = this.at(event.t)
    switch (event.type) {
      case 'task-started':
        this.begun.set(event.task, event.t)
        break
      case 'task-settled': {
        count(bin.tasks, event.outcome)
        const began = this.begun.get(event.task)
        if (began !== undefined) bin.took.add(event.t - began)
        this.begun.delete(event.task)
        break
      }
      case 'job-submitted':
        this.jobs.add(event.job)
        break
      case 'job-done':
      case 'job-dead':
        this.jobs.delete(event.job)
        break
      case 'call-started':
        bin.calls++
        break
      case 'attempt-started':
        count(bin.providers, event.provider)
        if (event.n > 1) bin.retries++
        if (event.effect === 'limited') bin.limited++
        break
      case 'attempt-ended':
        count(bin.attempts, event.outcome)
        break
      default:
        break
    }
    bin.backlog = this.begun.size + this.jobs.size
  }

  /** Nothing happened until `t` beside what was taken. */
  advance(t: number): void {
    this.at(t)
  }

  /** Those from the `from`-th on, with the limits that `plan` has there. */
  rows(from: number, plan: Plan): Bins {
    const rows = this.bins.slice(from).map((bin, i) => this.row(bin, from + i, plan))
    return { widthMs: this.width, startMs: this.startMs, from, rows }
  }

  get length(): number {
    return this.bins.length
  }

  private row({ took, ...bin }: OpenBin, place: number, plan: Plan): Bin {
    const p50Ms = took.quantile(0.5)
    const p95Ms = took.quantile(0.95)
    const limitPerMinute = lowestLimit(plan, this.startMs + place * this.width)
    return {
      ...bin,
      ...(p50Ms !== undefined && { p50Ms }),
      ...(p95Ms !== undefined && { p95Ms }),
      ...(limitPerMinute !== undefined && { limitPerMinute }),
    }
  }

  private at(t: number): OpenBin {
    let place = this.placeOf(t)
    while (place >= binsAtMost) {
      this.widen()
      place = this.placeOf(t)
    }
    while (this.bins.length <= place) this.bins.push(emptyBin(this.bins.at(-1)?.backlog ?? 0))
    return this.bins[place] ?? emptyBin(0)
  }

  private placeOf(t: number): number {
    return Math.max(0, Math.floor((t - this.startMs) / this.width))
  }

  /** Twice as wide, and half as many. */
  private widen(): void {
    const before = this.bins
    this.bins = []
    for (let i = 0; i < before.length; i += 2) {
      const merged = emptyBin(0)
      for (const bin of before.slice(i, i + 2)) merge(merged, bin)
      this.bins.push(merged)
    }
    this.width *= 2
  }
}

function emptyBin(backlog: number): OpenBin {
  return {
    ...{ tasks: {}, attempts: {}, calls: 0, retries: 0 },
    ...{ took: new Latencies(), backlog, providers: {}, limited: 0 },
  }
}

/** `later` comes after what is in `bin`. */
function merge(bin: OpenBin, later: OpenBin): void {
  for (const name of ['tasks', 'attempts', 'providers'] as const)
    for (const [key, many] of Object.entries(later[name])) count(bin[name], key, many)
  for (const name of ['calls', 'retries', 'limited'] as const) bin[name] += later[name]
  bin.took.take(later.took)
  bin.backlog = later.backlog
}

function count(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by
}

function lowestLimit(plan: Plan, t: number): number | undefined {
  const levels = plannedLimits(plan)
    .filter(({ startMs, endMs }) => startMs <= t && t < endMs)
    .flatMap(limit => (limit.entry.requests === undefined ? [] : [levelAt(limit.entry.requests, limit, t)]))
  return levels.length === 0 ? undefined : Math.round(Math.min(...levels) * 10) / 10
}
