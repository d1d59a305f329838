const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** `12,480`. */
export function count(value: number): string {
  return number.format(value)
}

/** `1 row`, `2,000 rows`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** `2026-03-02 11:04:05 UTC`; milliseconds are left out. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `2026-03-02`. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** A text as part of an id: `Elevated errors!` → `elevated-errors`; at most `length` characters, cut between words. */
export function slug(text: string, length = 40): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  let id = ''
  for (const word of words) {
    const longer = id ? `${id}-${word}` : word
    if (longer.length > length) break
    id = longer
  }
  return id || (words[0]?.slice(0, length) ?? '')
}

/** A text on one line, without control characters, in at most `length` characters. */
export function oneLine(text: string, length = 500): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}
