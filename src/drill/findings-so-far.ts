import { nativeNow, nativeSetImmediate } from '../clock/native.ts'
import { sortFindings } from '../oracles/finding.ts'
import type { Finding } from '../oracles/oracle.ts'

/** Judging all that happened so far takes a while in a long drill: not more often than this, real ms. */
const everyMs = 2_000
/** And never by more than this part of the time. */
const share = 0.05
/** Whoever is served by this process waits about so long at a time for it, real ms. */
const turnMs = 50
/** A step that takes so long would be taken for a fault by the app, real ms. */
const stepAtMostMs = 500
/** A shorter journal is not the cause of it. */
const longEvents = 100_000

export interface FindingsOptions {
  /** Events of the journal. */
  length(): number
  /** Judges all that happened, step by step. */
  steps(): Iterator<readonly Finding[], void>
  /** It has become too much: what else is found comes with the end. */
  onTooMuch(): void
}

/** What has been found by now: looked for by turns, so that the drill goes on meanwhile. A short journal takes but one. */
export class FindingsSoFar {
  private readonly options: FindingsOptions
  private findings: readonly Finding[] = []
  private isOver = false
  private againMs = 0

  constructor(options: FindingsOptions) {
    this.options = options
  }

  /** Worst first. Looks anew where it is time. */
  get(): readonly Finding[] {
    if (!this.isOver && nativeNow() >= this.againMs) {
      this.againMs = Number.POSITIVE_INFINITY
      this.look(this.options.steps(), { found: [], tookMs: 0 })
    }
    return this.findings
  }

  /** Looks no more. */
  close(): void {
    this.isOver = true
  }

  private look(steps: ReturnType<FindingsOptions['steps']>, sum: { found: Finding[]; tookMs: number }): void {
    const began = nativeNow()
    for (let at = began; !this.isOver; ) {
      const step = steps.next()
      const now = nativeNow()
      if (now - at > stepAtMostMs && this.options.length() > longEvents) {
        this.isOver = true
        this.options.onTooMuch()
      } else if (step.done) {
        this.findings = sortFindings(sum.found)
        this.againMs = now + Math.max(everyMs, (sum.tookMs + now - began) / share)
        return
      } else sum.found.push(...step.value)
      at = now
      if (now - began < turnMs) continue
      sum.tookMs += now - began
      nativeSetImmediate(() => this.look(steps, sum))
      return
    }
  }
}
