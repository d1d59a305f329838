import { expect, test } from 'vitest'
import { FrameReader, type Framing, framingOf, tellsEnd } from '../../../../src/engines/pass-through/frames.ts'
import { chunkFrame, eventFrame, eventStreamFrame } from '../../../../src/providers/bedrock/event-stream.ts'
import { bytesOf, simulated, streamed } from './streams.ts'

function read(framing: Framing, bytes: Uint8Array, size = bytes.length) {
  const reader = new FrameReader(framing)
  const frames = []
  for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
  return { frames, rest: reader.rest() }
}

const texts = ({ frames, rest }: ReturnType<typeof read>) => [...frames.map(({ text }) => text), rest?.text]

test.for([1, 2, 3, 5, 1_000])('events are the same however they are cut up: %i bytes at a time', size => {
  const stream = 'event: a\ndata: 1\n\n: ping\r\n\r\ndata: zwölf\ndata: b\n\r\n\ndata: 3'

  expect(texts(read('sse', Buffer.from(stream), size))).toEqual([
    'event: a\ndata: 1\n\n',
    ': ping\r\n\r\n',
    'data: zwölf\ndata: b\n\r\n',
    '\ndata: 3',
  ])
})

test('frames of Amazon are read as events, those of a model unpacked, and are sound again when changed', () => {
  const stream = Buffer.concat([
    eventFrame('messageStart', '{"role":"assistant"}'),
    chunkFrame('{"type":"message_stop"}'),
  ])

  const { frames, rest } = read('amazon', stream, 7)

  expect([...frames.map(({ text }) => text), rest]).toEqual([
    'event: messageStart\ndata: {"role":"assistant"}\n\n',
    'event: chunk\ndata: {"type":"message_stop"}\n\n',
    undefined,
  ])
  expect(frames.map(({ changed }) => Buffer.from(changed(text => text.replace('":', '"'))))).toEqual([
    Buffer.from(eventFrame('messageStart', '{"role""assistant"}')),
    Buffer.from(chunkFrame('{"type""message_stop"}')),
  ])
})

test('what is no frame of Amazon goes through all the same', () => {
  const exception = eventStreamFrame({ ':exception-type': 'throttlingException' }, 'slow down')
  const noise = Buffer.from([...Buffer.alloc(24), 1, 2])
  const bytes = Buffer.concat([exception, noise])

  const { frames, rest } = read('amazon', bytes)

  expect(Buffer.concat([...frames.map(frame => frame.bytes), rest?.bytes ?? Buffer.alloc(0)])).toEqual(bytes)
})

test('a stream is told by its type', () => {
  const types = [
    'text/event-stream',
    'text/event-stream; charset=utf-8',
    'application/vnd.amazon.eventstream',
    'application/json',
    undefined,
  ]

  expect(types.map(framingOf)).toEqual(['sse', 'sse', 'amazon', undefined, undefined])
})

test.for(Object.entries(streamed))('%s tells its end in its last frames alone', ([, of]) => {
  const whole = simulated({ type: 'pass' }, of)
  const unfinished = simulated({ type: 'garble', how: 'no-stop' }, of)
  const framing = framingOf(whole.headers['content-type']) ?? 'sse'

  const { frames, rest } = read(framing, bytesOf(whole.chunks))
  const first = frames.findIndex(tellsEnd)
  const before = Buffer.concat(frames.slice(0, first).map(({ bytes }) => bytes))

  expect(rest).toBeUndefined()
  expect(frames.length).toBeGreaterThan(4)
  expect(before).toEqual(bytesOf(unfinished.chunks))
})

test('a model that speaks of an end does not end', () => {
  const says =
    'data: {"delta":{"text":"\\"type\\":\\"message_stop\\" \\"finish_reason\\":\\"stop\\" data: [DONE]"}}\n\n'

  expect(read('sse', Buffer.from(says)).frames.map(tellsEnd)).toEqual([false])
})
