/** A part of the space of a search, from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

export const whole: Shard = { index: 1, of: 1 }

/** Reads `2/8`; `undefined` for anything else. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  return shard.index >= 1 && shard.index <= shard.of ? shard : undefined
}

/** Whether the `number`th outage (from 0) of a stage is this shard's. Of `n` shards, each has every n-th. */
export function isOwn({ index, of }: Shard, number: number): boolean {
  return number % of === index - 1
}

/** A shard cut into `parts`, disjoint and together the whole of it. */
export function split({ index, of }: Shard, parts: number): readonly Shard[] {
  return Array.from({ length: parts }, (_, part) => ({ index: index + part * of, of: of * parts }))
}

/** How many of `runs` outages are this shard's. */
export function ownRuns(runs: number, { index, of }: Shard): number {
  return runs < index ? 0 : Math.floor((runs - index) / of) + 1
}
