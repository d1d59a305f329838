/** How long a caller waits before attempt `k + 1`, ms; `previous` is what it waited last. */
export type Delay = (k: number, previous: number, draw: () => number) => number

export interface Policy {
  readonly name: string
  /** Whether a person who knows the subject would sign it. */
  readonly sound: boolean
  readonly delay: Delay
}

const second = 1_000
const base = second
const cap = 60 * second

const exponential = (k: number, from = base, to = cap) => Math.min(to, from * 2 ** (k - 1))

/** Retry policies of the literature and of the field. Sources stand in docs/calibration.md. */
export const policies: readonly Policy[] = [
  { name: 'full jitter', sound: true, delay: (k, _, draw) => draw() * exponential(k) },
  { name: 'equal jitter', sound: true, delay: (k, _, draw) => exponential(k) * (0.5 + draw() / 2) },
  {
    name: 'decorrelated jitter',
    sound: true,
    delay: (_, previous, draw) => Math.min(cap, base + draw() * (3 * Math.max(previous, base) - base)),
  },
  { name: 'exponential, 25% off at random', sound: true, delay: (k, _, draw) => exponential(k) * (1 - draw() / 4) },
  { name: 'exponential, 20% either way', sound: true, delay: (k, _, draw) => exponential(k) * (0.8 + draw() * 0.4) },
  { name: 'fixed 30 s', sound: false, delay: () => 30 * second },
  { name: 'exponential, no jitter', sound: false, delay: k => exponential(k) },
  { name: 'linear, no jitter', sound: false, delay: k => Math.min(cap, k * 5 * second) },
  { name: 'fixed 10 s, 50% either way', sound: false, delay: (_, __, draw) => 10 * second * (0.5 + draw()) },
]
