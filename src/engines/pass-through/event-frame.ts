import { chunkFrame, eventFrame as encode } from '../../providers/bedrock/event-stream.ts'
import { asText, isRecord, parseJson } from '../../providers/json.ts'
import type { Frame } from './frames.ts'

const stringType = 7
const preludeBytes = 12
const checksumBytes = 4

/** A frame of `application/vnd.amazon.eventstream`, read; `undefined` when it carries something else than an event in JSON. */
export function eventFrame(bytes: Buffer): Frame | undefined {
  const headersEnd = preludeBytes + bytes.readUInt32BE(4)
  if (headersEnd > bytes.length - checksumBytes) return undefined
  const type = headersIn(bytes.subarray(preludeBytes, headersEnd))?.get(':event-type')
  const payload = bytes.subarray(headersEnd, -checksumBytes).toString()
  const value = parseJson(payload)
  if (type === undefined || !isRecord(value)) return undefined
  const inner = type === 'chunk' ? asText(value['bytes']) : undefined
  const json = inner === undefined ? payload : Buffer.from(inner, 'base64').toString()
  return {
    bytes,
    text: `event: ${type}\ndata: ${json}\n\n`,
    changed: change => (inner === undefined ? encode(type, change(json)) : chunkFrame(change(json))),
  }
}

/** Headers that are texts; `undefined` where another kind stands among them. */
function headersIn(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes.readUInt8(at)
    const valueStart = nameEnd + 3
    if (valueStart > bytes.length || bytes[nameEnd] !== stringType) return undefined
    const valueEnd = valueStart + bytes.readUInt16BE(nameEnd + 1)
    if (valueEnd > bytes.length) return undefined
    headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', valueStart, valueEnd))
    at = valueEnd
  }
  return headers
}
