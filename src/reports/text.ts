import { stripVTControlCharacters } from 'node:util'

/** Blocks of eight heights; index 0 is the lowest one drawn. */
const blocks = '▁▂▃▄▅▆▇█'

/** A row of block characters, one a value, scaled to `max`. Zero is a blank; anything above it shows at least the lowest block. */
export function sparkline(values: readonly number[], max = Math.max(...values, 0)): string {
  return values
    .map(value => (value <= 0 || max <= 0 ? ' ' : blocks[Math.min(7, Math.max(0, Math.ceil((value / max) * 8) - 1))]))
    .join('')
}

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** `12,480`. */
export function count(value: number): string {
  return number.format(value)
}

/** `1 task`, `2,000 tasks`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** `35%`, `0.5%`. */
export function percent(share: number): string {
  return `${number.format(share * 100)}%`
}

/** Milliseconds for people: `350 ms`, `1.2 s`, `4 m 05 s`, `2 h 04 m`. Rounded; never read back. */
export function spell(ms: number): string {
  if (ms < 0) return `-${spell(-ms)}`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${number.format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return parts(seconds, 'm', 's')
  return parts(Math.round(seconds / 60), 'h', 'm')
}

function parts(total: number, large: string, small: string): string {
  const head = `${Math.floor(total / 60)} ${large}`
  return total % 60 === 0 ? head : `${head} ${two(total % 60)} ${small}`
}

/** `text` with a full stop, if it ends without one. */
export function sentence(text: string): string {
  return /[.!?…]["”)]?$/.test(text) ? text : `${text}.`
}

/** An instant of the run, to the second or finer: `0:00`, `12:34.5`, `1:02:03`. */
export function instant(ms: number): string {
  if (ms < 0) return `-${instant(-ms)}`
  const tenths = Math.round(ms / 100)
  const seconds = Math.floor(tenths / 10)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const tail = tenths % 10 === 0 ? '' : `.${tenths % 10}`
  const head = hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`
  return `${head}:${two(seconds % 60)}${tail}`
}

/** Text without what a terminal or a log would obey: each control character but tabs and line ends is `\ufffd`. */
export function visible(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd')
}

/** Plain text as lines of at most `width` columns; a word longer than that keeps its own line. Every line starts with `indent`. */
export function wrap(text: string, { width, indent = '' }: { width: number; indent?: string }): string[] {
  const lines: string[] = []
  for (const paragraph of visible(text).split('\n')) {
    let line = ''
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      if (line && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line)
        line = word
      } else line = line ? `${line} ${word}` : word
    }
    if (line) lines.push(indent + line)
  }
  return lines
}

/** Rows as aligned columns, two spaces apart, without trailing blanks. Columns named in `right` are flush right. */
export function table(
  rows: readonly (readonly string[])[],
  { right = [] as readonly number[], indent = '' } = {},
): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, seen(cell))
    })
  return rows.map(row =>
    (indent + row.map((cell, i) => pad(cell, widths[i] ?? 0, right.includes(i))).join('  ')).trimEnd(),
  )
}

/** `text` filled with blanks to `width` seen columns. */
export function pad(text: string, width: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, width - seen(text)))
  return right ? blanks + text : text + blanks
}

/** `text`, or its start and an ellipsis, in at most `width` columns. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}

function seen(text: string): number {
  return stripVTControlCharacters(text).length
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** A word of a command line, for a shell to read as it is. */
export function shellWord(text: string): string {
  return /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
