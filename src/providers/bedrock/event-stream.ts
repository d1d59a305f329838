import { crc32 } from 'node:zlib'
import type { Piece } from '../body.ts'

const stringType = 7

/**
 * One frame of `application/vnd.amazon.eventstream`: total length, length of the headers and a CRC-32 of both, the
 * headers, the payload, and a CRC-32 of all before it; numbers are big-endian.
 */
export function eventStreamFrame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)))
  const body = Buffer.from(payload)
  const frame = Buffer.alloc(16 + head.length + body.length)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(head.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  frame.set(head, 12)
  frame.set(body, 12 + head.length)
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4)
  return new Uint8Array(frame)
}

function header(name: string, value: string): Buffer {
  const bytes = Buffer.from(value)
  const size = Buffer.alloc(3)
  size.writeUInt8(stringType, 0)
  size.writeUInt16BE(bytes.length, 1)
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, bytes])
}

/** An event of the stream, with JSON as its payload. */
export function eventFrame(type: string, payload: string): Uint8Array {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }
  return eventStreamFrame(headers, payload)
}

/** What ends a stream whose status has long been 200. `type` is the exception's name, its first letter small. */
export function exceptionFrame(type: string, message: string): Uint8Array {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' }
  return eventStreamFrame(headers, JSON.stringify({ message }))
}

/** An event of the model's own format, in base64 inside a `chunk`. */
export function chunkPiece(json: string): Pick<Piece, 'data' | 'text'> {
  return { data: chunkFrame(json), text: { json, framed: chunkFrame } }
}

export function chunkFrame(json: string): Uint8Array {
  return eventFrame('chunk', JSON.stringify({ bytes: Buffer.from(json).toString('base64'), p: padding(json) }))
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Bedrock adds so many letters that nobody learns from a frame's length what it says. */
export function padding(json: string): string {
  return letters.slice(0, 1 + (crc32(json) % letters.length))
}
