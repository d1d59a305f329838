/** One event of a `text/event-stream` (WHATWG HTML, server-sent events) with JSON on a single data line. */
export function sseFrame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Cuts `text` into `count` runs of about equal length, never through a surrogate pair. */
export function slices(text: string, count: number): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / Math.max(1, count)))
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size)
    const code = text.charCodeAt(end - 1)
    if (code >= 0xd800 && code <= 0xdbff && end < text.length) end++
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}
