import { bump, type Counts, Coverage, type CoverageData } from './coverage.ts'
import { Distinct } from './distinct.ts'
import { seenIn } from './seen.ts'
import { sometimes } from './sometimes.ts'
import { traceOf } from './trace.ts'
import type { Tried } from './types.ts'

/** What a search counts of its runs, as plain data: shards and workers are added up. */
export interface TallyData {
  /** Runs by what made them: `corpus`, `sweep`, `pairs`, `random`, `shrink`. */
  readonly runs: Counts
  readonly attempts: number
  readonly simulatedMs: number
  /** Runs that came to a verdict. */
  readonly conclusive: number
  /** Random outages that came to a verdict, none of them `fail`. */
  readonly clean: number
  /** Random outages in which a check failed. */
  readonly failed: number
  /** Runs that proved nothing, by why. */
  readonly inconclusive: Counts
  /** Runs in which each oracle failed. */
  readonly failures: Counts
  /** Hashes of the behaviours seen in sweep and pairs, and in all runs. */
  readonly traces: { readonly sweep: readonly string[]; readonly all: readonly string[] }
  readonly coverage: CoverageData
  /** Runs in which each of the things that should happen sometimes did. */
  readonly sometimes: Counts
}

/** Counts a search's runs as they come. */
export class Tally {
  private readonly runs: Counts = {}
  private attempts = 0
  private simulatedMs = 0
  private conclusive = 0
  private clean = 0
  private failed = 0
  private readonly inconclusive: Counts = {}
  private readonly failures: Counts = {}
  private readonly sweepTraces = new Distinct()
  private readonly allTraces = new Distinct()
  private readonly coverage = new Coverage()
  private readonly sometimes: Counts = {}

  add(tried: Tried): void {
    const { origin, result, failed, attempts } = tried
    bump(this.runs, origin)
    this.attempts += attempts
    this.simulatedMs += result.simulatedMs
    // What shrinking runs again is one outage in many sizes: it shows nothing new.
    if (origin === 'shrink') return
    for (const oracle of failed) bump(this.failures, oracle)
    if (result.verdict !== 'inconclusive') this.conclusive++
    // A clean run is to show nothing; one that was interrupted could not.
    if (failed.length === 0 && result.verdict === 'inconclusive' && result.exitCode !== 130 && result.faults.length > 0)
      bump(this.inconclusive, result.reason)
    if (origin === 'random' && failed.length > 0) this.failed++
    else if (origin === 'random' && result.verdict === 'pass') this.clean++
    const seen = seenIn(result)
    const trace = traceOf(seen, failed)
    this.allTraces.add(trace)
    if (origin === 'sweep' || origin === 'pairs') this.sweepTraces.add(trace)
    this.coverage.add(seen)
    for (const { id, seen: happened } of sometimes) if (happened(seen)) bump(this.sometimes, id)
  }

  merge(other: TallyData): void {
    addUp(this.runs, other.runs)
    this.attempts += other.attempts
    this.simulatedMs += other.simulatedMs
    this.conclusive += other.conclusive
    this.clean += other.clean
    this.failed += other.failed
    addUp(this.inconclusive, other.inconclusive)
    addUp(this.failures, other.failures)
    this.sweepTraces.addAll(other.traces.sweep)
    this.allTraces.addAll(other.traces.all)
    this.coverage.merge(other.coverage)
    addUp(this.sometimes, other.sometimes)
  }

  get data(): TallyData {
    const { places, cells, kinds } = this.coverage
    return {
      runs: sorted(this.runs),
      ...{
        attempts: this.attempts,
        simulatedMs: this.simulatedMs,
        conclusive: this.conclusive,
        clean: this.clean,
        failed: this.failed,
      },
      inconclusive: sorted(this.inconclusive),
      failures: sorted(this.failures),
      traces: { sweep: [...this.sweepTraces.hashes], all: [...this.allTraces.hashes] },
      coverage: { places: sorted(places), cells: sorted(cells), kinds: { ...kinds } },
      sometimes: sorted(this.sometimes),
    }
  }
}

function addUp(counts: Counts, more: Counts): void {
  for (const [key, times] of Object.entries(more)) bump(counts, key, times)
}

/** In the order of names, so that the order of workers does not show. */
function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
