import { expect, test } from 'vitest'
import { addressProblem, nameProblem, toxicProblem } from '../../../../src/engines/toxiproxy/toxic.ts'

const toxic = (type: string, attributes: Readonly<Record<string, unknown>>, more = {}) => ({
  ...{ name: 'fault', type, stream: 'downstream', toxicity: 1, attributes },
  ...more,
})

test.for([
  ['latency', { latency: 15_000, jitter: 0 }],
  ['bandwidth', { rate: 0 }],
  ['slow_close', { delay: 10 }],
  ['timeout', { timeout: 0 }],
  ['reset_peer', { timeout: 0 }],
  ['slicer', { average_size: 4, size_variation: 3, delay: 0 }],
  ['limit_data', { bytes: 0 }],
] as const)('a sound %s is sent', ([type, attributes]) => {
  expect(toxicProblem(toxic(type, attributes))).toBeUndefined()
})

test.for([
  ['a slicer without a size', toxic('slicer', { size_variation: 0, delay: 0 }), 'slicer needs its average_size'],
  [
    'a slicer of size 0',
    toxic('slicer', { average_size: 0, size_variation: 0, delay: 0 }),
    'average_size of slicer must be at least 1, but 0 was given',
  ],
  [
    'a slicer that varies as much as it cuts',
    toxic('slicer', { average_size: 5, size_variation: 5, delay: 0 }),
    'size_variation of slicer must be less than its average_size',
  ],
  ['a negative rate', toxic('bandwidth', { rate: -1 }), 'rate of bandwidth must be at least 0, but -1 was given'],
  [
    'a misspelt attribute',
    toxic('latency', { latancy: 5, latency: 5, jitter: 0 }),
    'latency has no attribute "latancy"; it has latency, jitter',
  ],
  ['a left out attribute', toxic('timeout', {}), 'timeout needs its timeout'],
  [
    'half a millisecond',
    toxic('latency', { latency: 0.5, jitter: 0 }),
    'latency of latency must be a whole number, but 0.5 was given',
  ],
  [
    'a text',
    toxic('latency', { latency: '5', jitter: 0 }),
    'latency of latency must be a whole number, but 5 was given',
  ],
  ['down', toxic('down', {}), 'to take a proxy down is no toxic: disable the proxy'],
  [
    'a type that no release has',
    toxic('packet_loss', {}),
    'there is no toxic "packet_loss"; there are latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data',
  ],
  [
    'a toxicity in percent',
    toxic('timeout', { timeout: 0 }, { toxicity: 50 }),
    'a toxicity is a share from 0 to 1, but 50 was given',
  ],
  [
    'a stream that is none',
    toxic('timeout', { timeout: 0 }, { stream: 'both' }),
    'a stream is downstream or upstream, but "both" was given',
  ],
  ['a name with a slash', toxic('timeout', { timeout: 0 }, { name: 'a/b' }), 'a name has no slash, but "a/b" has'],
] as const)('%s is not sent', ([, given, says]) => {
  expect(toxicProblem(given)).toBe(says)
})

test('a time so long that the server would take it for a negative one is not sent', () => {
  expect(toxicProblem(toxic('latency', { latency: 1e13, jitter: 0 }))).toBe(
    'latency of latency must be at most 1000000000000, but 10000000000000 was given',
  )
})

test('an address is a host and a port, and never localhost', () => {
  expect(['127.0.0.1:6379', '[::1]:6379', 'db.local:1'].map(addressProblem)).toEqual([undefined, undefined, undefined])
  expect(addressProblem('localhost:6379')).toBe('localhost may be an address of IPv6 alone: say 127.0.0.1')
  expect(addressProblem('127.0.0.1')).toBe('an address is host:port, but "127.0.0.1" was given')
  expect(addressProblem('127.0.0.1:65536')).toBe('an address is host:port, but "127.0.0.1:65536" was given')
})

test('a name is anything that a path can hold', () => {
  expect(['http.cache', 'a b?c%#', '..x'].map(nameProblem)).toEqual([undefined, undefined, undefined])
  expect(['', '.', '..'].map(nameProblem)).toEqual(['"" is no name', '"." is no name', '".." is no name'])
})
