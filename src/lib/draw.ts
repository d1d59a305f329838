/**
 * Seeded chance. A draw is keyed by what it is for, not by when it is made, so one client more cannot shift the
 * draws of the others.
 */
export type DrawKey = readonly (string | number)[]

/** A number in [0, 1) that depends on nothing but the seed and the key. */
export function draw(seed: number, ...key: DrawKey): number {
  const [high, low] = mix(seed, key)
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53
}

/** A draw in [0, 1) from an exponential's inverse, scaled to `mean`. */
export function drawExponential(mean: number, u: number): number {
  return -mean * Math.log(1 - u)
}

/** A stream of numbers in [0, 1): the random source of one app instance (sfc32, seeded by the keyed hash). */
export function randomStream(seed: number, ...key: DrawKey): () => number {
  let [a, b] = mix(seed, key)
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

const numberMark = '#'.charCodeAt(0)
const textMark = '$'.charCodeAt(0)

/** Two independent 32-bit hashes of seed and key (two multiplicative lanes with a murmur-style finish). */
function mix(seed: number, key: DrawKey): [number, number] {
  let high = 0xdeadbeef ^ Math.trunc(seed)
  let low = 0x41c6ce57 ^ Math.trunc(seed / 2 ** 32) ^ Math.trunc(seed)
  for (const part of key) {
    // 1 apart from "1"; and the end of a part, which no character can be, keeps ("ab", "c") apart from ("a", "bc").
    const kind = typeof part === 'number' ? numberMark : textMark
    high = Math.imul(high ^ kind, 2654435761)
    low = Math.imul(low ^ kind, 1597334677)
    const text = String(part)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      high = Math.imul(high ^ code, 2654435761)
      low = Math.imul(low ^ code, 1597334677)
    }
    const end = 0x10000 + 1 + text.length
    high = Math.imul(high ^ end, 2654435761)
    low = Math.imul(low ^ end, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return [high >>> 0, low >>> 0]
}
