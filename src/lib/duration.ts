const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const
const shape = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/

/** Reads `90s`, `1h30m`, `250ms`, `1.5h` as milliseconds; `undefined` when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!shape.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g))
    total += Number(amount) * unitsMs[unit as keyof typeof unitsMs]
  return Math.round(total)
}

/** Prints milliseconds so that {@link parseDuration} reads back the same number: `1h30m`, `1.6s`, `90ms`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  let rest = Math.abs(Math.round(ms))
  let text = ms < 0 ? '-' : ''
  for (const [unit, size] of Object.entries(unitsMs)) {
    // `1.6s` is read at a glance, and `1s600ms` is not.
    const count = unit === 's' && rest > size ? rest / size : Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= Math.round(count * size)
  }
  return text
}
