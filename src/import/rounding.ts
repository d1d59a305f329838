const shareSteps = [0.05, 0.01, 0.005, 0.001]

/** A measured share to as many digits as `n` rows can bear and a person cares for. Never 0. */
export function roundShare(share: number, n: number): number {
  if (share >= 1) return 1
  // Two standard errors; and of 19.87% nobody wants more than 20%, unless it is all but everything.
  const error = 2 * Math.sqrt(Math.max(share * (1 - share), 1 / n) / n)
  const coarse = share < 0.02 || share > 0.98 ? 0.001 : share < 0.1 ? 0.005 : 0.01
  const step = shareSteps.find(size => size <= Math.max(error, coarse) && size <= share) ?? 0.001
  return tidy(Math.min(1, Math.max(step, Math.round(share / step) * step)))
}

/** Weights that make 1 together, to whole percents; the largest takes up what rounding leaves. */
export function roundWeights(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, n) => sum + n, 0)
  const step = total >= 400 ? 0.01 : 0.05
  const rounded = counts.map(n => Math.max(step, Math.round(n / total / step) * step))
  const largest = counts.indexOf(Math.max(...counts))
  const others = rounded.reduce((sum, weight, i) => (i === largest ? sum : sum + weight), 0)
  return rounded.map((weight, i) => tidy(i === largest ? 1 - others : weight))
}

/** Ms to two digits, `1234` → `1200`, and from 5 s on to whole seconds. */
export function roundMs(ms: number): number {
  if (ms < 10) return Math.max(1, Math.round(ms))
  const digits = 10 ** (Math.floor(Math.log10(ms)) - 1)
  const size = ms < 5000 ? digits : Math.max(1000, digits)
  return Math.round(ms / size) * size
}

const lengthSteps = [1, 5, 10, 15, 30, 60, 300].map(seconds => seconds * 1000)

/** Step to which boundaries of phases are rounded, given the mean time between rows: no finer than they can tell. */
export function boundaryStep(meanGapMs: number): number {
  return lengthSteps.findLast(step => step <= meanGapMs * 4) ?? 1000
}

/** Binary fractions print as long tails. */
function tidy(value: number): number {
  return Number(value.toFixed(4))
}
