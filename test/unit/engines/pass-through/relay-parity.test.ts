import { expect, test } from 'vitest'
import type { Effect } from '../../../../src/model/effect.ts'
import { HandFed, recognisedBy, relayed } from './hand-fed.ts'
import { bytesOf, simulated, streamed } from './streams.ts'

/** What a real stream and a simulated one must become alike, to the byte. */
const alike: Readonly<Record<string, Effect>> = {
  'is whole': { type: 'pass' },
  // biome-ignore lint/suspicious/noThenProperty: the effect names what follows so; it is no function, so nothing awaits it
  'is whole after a delay': { type: 'delay', byMs: 1_000, then: { type: 'pass' } },
  'is whole, and slow': { type: 'slow', perTokenMs: 20 },
  'is cut after 3 events': { type: 'cut', after: { events: 3 }, by: 'fin' },
  'is cut before its first event': { type: 'cut', after: { events: 0 }, by: 'rst' },
  'is cut after 300 bytes': { type: 'cut', after: { bytes: 300 }, by: 'rst' },
  'stalls after 3 events': { type: 'stall', after: { events: 3 }, pings: false },
  'goes on after it stalled': { type: 'stall', after: { bytes: 300 }, pings: false, forMs: 30_000 },
  'has an error after 3 events': { type: 'stream-error', after: { events: 3 }, error: 'overloaded_error' },
  'has an error after 300 bytes': { type: 'stream-error', after: { bytes: 300 }, error: 'overloaded_error' },
  'has no end': { type: 'garble', how: 'no-stop' },
  'has an odd event': { type: 'garble', how: 'odd-event' },
  'is lost at its end': { type: 'lose', at: 'end' },
}

const cases = Object.keys(streamed).flatMap(name => Object.keys(alike).map(what => [name, what] as const))

test.for(cases)('%s that is real %s like a simulated one', async ([name, what]) => {
  const of = streamed[name]
  const effect = alike[what]
  if (!of || !effect) throw new Error('No such case')
  const whole = simulated({ type: 'pass' }, of)
  // Of what is slow the pace differs and the words do not.
  const expected = simulated(effect.type === 'slow' ? { type: 'pass' } : effect, of)
  const upstream = new HandFed(whole.headers)
  const got = relayed(effect, upstream.answered, recognisedBy(...of))

  for (const { data } of whole.chunks) await upstream.send(data)
  await upstream.end()
  await got.clock.pass(60_000)

  const rest = expected.end.type === 'stall' ? (expected.end.rest ?? []) : []
  expect(got.bytes.toString('latin1')).toBe(bytesOf([...expected.chunks, ...rest]).toString('latin1'))
  expect(got.end?.how).toBe(endings[what] ?? expected.end.type)
})

const endings: Readonly<Record<string, string>> = {
  'stalls after 3 events': 'hold',
  'goes on after it stalled': 'finish',
}
