import { formatDuration } from '../lib/duration.ts'
import type { Finding } from './oracle.ts'

/** One offence, before those of a phase are told together. */
export interface Case {
  /** Id of the task, call or attempt that shows it. */
  readonly id: string
  readonly phase: string
  /** The higher the worse. */
  readonly weight: number
}

const mostEvidence = 10

/** Ids for a finding, worst first, at most ten. */
export function evidenceOf(cases: readonly Case[]): readonly string[] {
  return [...new Set(worstFirst(cases).map(({ id }) => id))].slice(0, mostEvidence)
}

export function worstFirst<C extends Case>(cases: readonly C[]): readonly C[] {
  return [...cases].sort((a, b) => b.weight - a.weight)
}

/** Cases of one phase together, its laps too: twelve laps of `up` are one story. Groups are never empty. */
export function byPhase<C extends Case>(cases: readonly C[]): readonly (readonly [C, ...C[]])[] {
  const groups = new Map<string, C[]>()
  for (const item of worstFirst(cases)) {
    const base = basePhase(item.phase)
    const group = groups.get(base)
    if (group) group.push(item)
    else groups.set(base, [item])
  }
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [[first, ...rest] as const] : []))
}

/** `up#3` → `up`. */
export function basePhase(phase: string): string {
  return phase.replace(/#\d+$/, '')
}

/** Worst first: what fails before what warns, otherwise in the catalogue's order. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank = { fail: 0, warn: 1 }
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
}

/** A length of time for people: `480ms`, `2.5s`, `31m40s`. */
export function sayMs(ms: number): string {
  if (ms === 0) return '0s'
  if (Math.abs(ms) < 1_000) return `${Math.round(ms)}ms`
  if (Math.abs(ms) < 10_000) return `${Math.round(ms / 10) / 100}s`
  return formatDuration(Math.round(ms / 1_000) * 1_000)
}

/** `0.305` → `30.5%`. */
export function sayShare(share: number): string {
  return `${Math.round(share * 1_000) / 10}%`
}

/** `1 task`, `3 tasks`. */
export function sayCount(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`
}

/** What there is how often, most first: `4 failed, 2 queued`. */
export function tally(words: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, count]) => `${count} ${word}`)
    .join(', ')
}
