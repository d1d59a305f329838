/** One record of a delimited file. */
export interface DelimitedRow {
  /** Line it begins on, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** The delimiter of a header line: the one of `,`, `;`, tab and `|` that it has most of. */
export function delimiterOf(header: string): string {
  const counted = [',', ';', '\t', '|'].map(mark => ({ mark, times: header.split(mark).length }))
  return counted.reduce((best, one) => (one.times > best.times ? one : best)).mark
}

/**
 * The records of a CSV text (RFC 4180: quotes, doubled quotes, line ends within them), empty lines left out. A quote that
 * is never closed takes the rest of the text as one cell, as spreadsheets do.
 */
export function* delimitedRows(text: string, delimiter: string): Generator<DelimitedRow> {
  let line = 1
  let at = 0
  while (at < text.length) {
    const end = lineEnd(text, at)
    const plain = text.slice(at, end)
    if (!plain.includes('"')) {
      if (plain.trim() !== '') yield { line, cells: plain.split(delimiter) }
      line++
      at = next(text, end)
      continue
    }
    const record = quotedRow(text, at, delimiter)
    yield { line, cells: record.cells }
    line += record.lines
    at = record.next
  }
}

function quotedRow(text: string, start: number, delimiter: string) {
  const cells: string[] = []
  let cell = ''
  let lines = 1
  let at = start
  let isQuoted = false
  for (; at < text.length; at++) {
    const character = text[at]
    if (isQuoted) {
      if (character === '"' && text[at + 1] === '"') {
        cell += '"'
        at++
      } else if (character === '"') isQuoted = false
      else {
        if (character === '\n') lines++
        cell += character
      }
    } else if (character === '"' && cell.trim() === '') {
      cell = ''
      isQuoted = true
    } else if (character === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (character === '\n' || character === '\r') break
    else cell += character
  }
  cells.push(cell)
  return { cells, lines, next: next(text, at) }
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  if (feed === -1) return text.length
  return text[feed - 1] === '\r' && feed > from ? feed - 1 : feed
}

function next(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1
}
