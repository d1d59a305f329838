import { formatDuration } from '../../lib/duration.ts'

/** A clock that does not change its width: `T+0:09:05`, from the first phase on. */
export function tickText(ms: number): string {
  return `T${ms < 0 ? '-' : '+'}${clockText(ms)}`
}

/** The clock of responders, which begins elsewhere, and so is not called T: `0:14:05 into the exercise`. */
export function intoText(ms: number): string {
  return `${clockText(ms)} into the exercise`
}

/** `0:14:05`: for what says beside it since when. */
export function clockText(ms: number): string {
  const all = Math.floor(Math.abs(ms) / 1_000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(all / 3_600)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`
}

/** To the second, as a person would say it: `4m30s`. */
export function spanText(ms: number): string {
  return formatDuration(Math.max(0, Math.round(ms / 1_000) * 1_000))
}

export function shareText(share: number): string {
  const percent = share * 100
  return `${percent !== 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)}%`
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export function numberText(value: number): string {
  return number.format(value)
}

/** `1 ticket`, `2 tickets`. */
export function countText(count: number, one: string): string {
  return `${numberText(count)} ${one}${count === 1 ? '' : 's'}`
}

/** The first letter of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
