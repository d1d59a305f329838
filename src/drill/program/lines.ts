import type { Readable } from 'node:stream'

/** Longer than people read: what goes on without an end of line is handed on in pieces. */
const longestLine = 64 * 1024

/** Hands on the lines of a stream as UTF-8 text, without their ends; what is left when it closes is the last one. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line)
    for (; rest.length > longestLine; rest = rest.slice(longestLine)) take(rest.slice(0, longestLine))
  })
  stream.once('close', () => {
    if (rest !== '') take(rest)
    rest = ''
  })
}
