/** One part of a `multipart/form-data` body. */
export interface FormPart {
  readonly name: string
  readonly filename: string | undefined
  readonly type: string | undefined
  readonly text: string
  readonly bytes: number
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578) that was decoded as UTF-8; `undefined` when it is none. The one
 * file among them has the size that `wireBytes`, the whole body's, leaves to it: its own text may have been no text.
 */
export function formParts(contentType: string | undefined, body: string, wireBytes: number): FormPart[] | undefined {
  const boundary = /^multipart\/form-data\b.*?\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '')
  if (boundary === null) return undefined
  const mark = `--${boundary[1] ?? boundary[2]}`
  const parts = body
    .split(mark)
    .slice(1, -1)
    .map(part => part.replace(/^\r?\n/, '').replace(/\r?\n$/, ''))
    .map(readPart)
  const files = parts.filter(({ filename }) => filename !== undefined)
  if (files.length !== 1) return parts
  const lost = Buffer.byteLength(body) - wireBytes
  return parts.map(part => (part === files[0] ? { ...part, bytes: Math.max(0, part.bytes - lost) } : part))
}

function readPart(part: string): FormPart {
  const end = /\r?\n\r?\n/.exec(part)
  const head = part.slice(0, end?.index ?? part.length)
  const text = end === null ? '' : part.slice(end.index + end[0].length)
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? ''
  const field = (name: string) => new RegExp(`[;\\s]${name}="([^"]*)"`, 'i').exec(disposition)?.[1]
  return {
    name: field('name') ?? '',
    filename: field('filename'),
    type: /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1],
    text,
    bytes: Buffer.byteLength(text),
  }
}
