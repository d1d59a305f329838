/** What so many clean outages at random prove. */
export interface Proof {
  readonly runs: number
  /** With 95 % confidence fewer than this share of such outages make the client fail; absent where nothing is proved. */
  readonly below?: number
  readonly says: string
}

const confidence = 0.95

/**
 * The claim that `runs` outages at random without a failure allow: with a chance of failure of p each, they would all
 * have been clean with probability (1 - p)^runs, and below 1 - 0.05^(1/runs) that is above 5 %. About 3 in `runs`.
 */
export function provedBy(runs: number, failed: number): Proof {
  if (failed > 0) return { runs, says: 'A failure was found: there is nothing that the clean runs beside it prove.' }
  if (runs === 0)
    return {
      runs,
      says: 'No outage was drawn at random: nothing is claimed beyond the outages that were tried one by one.',
    }
  const below = 1 - (1 - confidence) ** (1 / runs)
  const which =
    runs === 1
      ? '1 outage at random, and it passed'
      : `${runs.toLocaleString('en-US')} outages at random, and all passed`
  return {
    runs,
    below,
    says:
      `${which}: with 95% confidence fewer than ${shareText(below)} of the outages that this search draws would make the client fail. ` +
      'It speaks of these outages, this workload and these checks alone, and not of how likely any of them is.',
  }
}

/** Two digits that say something, rounded up: a claim may not grow by rounding. */
function shareText(share: number): string {
  const percent = share * 100
  const digits = Math.max(0, 1 - Math.floor(Math.log10(percent)))
  const text = (Math.ceil(percent * 10 ** digits) / 10 ** digits).toFixed(digits)
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}%`
}
