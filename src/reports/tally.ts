import { exitOrder } from '../run/verdict.ts'
import type { JsonFinding, JsonReport } from './json.ts'

/** How many runs ended how. */
export function tally(runs: readonly Pick<JsonReport, 'verdict'>[]): Readonly<Record<JsonReport['verdict'], number>> {
  const count = (verdict: JsonReport['verdict']) => runs.filter(run => run.verdict === verdict).length
  return { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') }
}

/** `3 passed, 1 failed`, and how many were inconclusive where any was. */
export function tallyText(runs: readonly Pick<JsonReport, 'verdict'>[]): string {
  const { pass, fail, inconclusive } = tally(runs)
  return `${pass} passed, ${fail} failed${inconclusive > 0 ? `, ${inconclusive} inconclusive` : ''}`
}

/** Runs by how bad they ended; in the order they ran where that is the same. */
export function worstFirst<T>(items: readonly T[], exitCodeOf: (item: T) => JsonReport['exitCode']): readonly T[] {
  return items.toSorted((a, b) => exitOrder.indexOf(exitCodeOf(a)) - exitOrder.indexOf(exitCodeOf(b)))
}

/** What a finding means for the verdict. */
export function standingOf({ severity, accepted }: JsonFinding): 'fail' | 'warn' | 'accepted' {
  return accepted ? 'accepted' : severity
}

export interface FindingPlace {
  readonly file: string | null
  readonly line: number
}

/**
 * Where a finding is best shown in the scenario's file: at the fault that the client felt in that phase, else at the last
 * one it felt. Without a phase: where the outage begins.
 */
export function placeOf(run: JsonReport, phase?: string): FindingPlace {
  const { file } = run.scenario
  const placed = run.faults.filter(fault => fault.line !== null)
  if (phase === undefined) return { file, line: placed[0]?.line ?? 1 }
  const base = phase.replace(/#\d+$/, '')
  const felt = placed.filter(fault => fault.status === 'landed')
  const fault = felt.find(one => one.phase === base || one.phase === phase) ?? felt.at(-1) ?? placed[0]
  return { file, line: fault?.line ?? 1 }
}

/** A scenario's file as a checkout shows it: absent for one that is outside of it, or in an installed package. */
export function shownBelow(file: string | null, below = ''): string | undefined {
  if (file === null || /^(?:[A-Za-z]:)?[/\\]/.test(file) || file.startsWith('..')) return undefined
  const path = `${below}${file}`.replaceAll('\\', '/')
  return path.includes('node_modules/') ? undefined : path
}
