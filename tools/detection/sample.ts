import type { Head } from './heads.ts'

const size = 6
const dayMs = 24 * 60 * 60 * 1_000

/** Some of the clients, others each day; all of them in turn. */
export function sampleOf(all: readonly Head[], today: Date): readonly Head[] {
  const from = (Math.floor(today.getTime() / dayMs) * size) % all.length
  return [...all, ...all].slice(from, from + size)
}
