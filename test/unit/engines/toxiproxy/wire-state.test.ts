import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Route } from '../../../../src/engines/toxiproxy/route.ts'
import { toxicProblem } from '../../../../src/engines/toxiproxy/toxic.ts'
import { tcpRoutes, unsupportedByToxiproxy } from '../../../../src/engines/toxiproxy/unsupported.ts'
import { carriedOn, wireInstants, wireStateAt } from '../../../../src/engines/toxiproxy/wire-state.ts'
import { planOf } from './support.ts'

const anthropic: Route = { name: 'anthropic', kind: 'http', surfaces: ['anthropic.api', 'anthropic.chat'] }
const cache: Route = { name: 'http.cache', kind: 'tcp', surfaces: ['http.cache'] }

const http = (...entries: readonly string[]) =>
  planOf(`phases: [{ name: one, for: 10m, faults: [${entries.join(', ')}] }]`)
const tcp = (...entries: readonly string[]) =>
  planOf(
    `surfaces: { cache: { tcp: 127.0.0.1:6379 } }\nphases: [{ name: one, for: 10m, faults: [${entries.join(', ')}] }]`,
  )

/** What the proxy does in the middle, in short. */
function middle(plan: ReturnType<typeof planOf>, route: Route, speed = 1): string {
  const { enabled, toxics } = wireStateAt(plan, route, 60_000, speed)
  if (!enabled) return 'closed'
  return (
    toxics.map(({ type, toxicity, attributes }) => `${type} ${toxicity} ${JSON.stringify(attributes)}`).join() || 'open'
  )
}

test.for([
  ['refused', 'closed'],
  ['dns', 'closed'],
  ['reset', 'reset_peer 1 {"timeout":0}'],
  // Our own server waits for it.
  ['{ reset: { after: 3s } }', 'reset_peer 1 {"timeout":0}'],
  ['black-hole', 'timeout 1 {"timeout":0}'],
] as const)('in front of our own server a certain %s is carried, downstream', ([fault, says]) => {
  const plan = http(`{ surface: [api, chat], fault: ${fault} }`)

  expect(middle(plan, anthropic)).toBe(says)
  expect(wireStateAt(plan, anthropic, 0).toxics.every(({ stream }) => stream === 'downstream')).toBe(true)
  expect([...carriedOn(plan, anthropic)]).toEqual(['phases[0].faults[0]'])
})

test.for([
  'overloaded',
  'connect-stall',
  'tls',
  'slow-first-byte',
  // A proxy does not know which connection was used before.
  'idle-close',
  'slow-tokens',
  '{ stream-cut: { after: 100 bytes } }',
  '{ stream-stall: { after: 0 bytes } }',
  'lost-response',
  'ping-only',
  // Its lateness is drawn for each request.
  'brownout',
] as const)('%s is left to our own server, which knows requests and answers', fault => {
  const plan = http(`{ surface: [api, chat], fault: ${fault} }`)

  expect(middle(plan, anthropic)).toBe('open')
  expect([...carriedOn(plan, anthropic)]).toEqual([])
})

test.for([
  ['a share', '{ surface: [api, chat], fault: refused, share: 99% }'],
  ['a ramp', '{ surface: [api, chat], fault: refused, share: { from: 0%, to: 100% } }'],
  ['a part of the route', '{ surface: api, fault: refused }'],
  ['a condition', '{ surface: [api, chat], fault: refused, when: { streaming: true } }'],
  ['a count', '{ surface: [api, chat], fault: refused, when: { first: 3 } }'],
  ['a sticky draw', '{ surface: [api, chat], fault: refused, sticky: user }'],
  ['a mix', '{ surface: [api, chat], mix: [{ fault: refused, share: 50% }, { fault: reset, share: 50% }] }'],
  ['another route', '{ surface: openai.api, fault: refused }'],
] as const)('%s is left to our own server', ([, entry]) => {
  expect([...carriedOn(http(entry), anthropic)]).toEqual([])
})

test('an entry after one that may take an arrival away is left, and one after a carried entry is not', () => {
  const behind = http('{ surface: api, fault: overloaded, share: 10% }', '{ surface: [api, chat], fault: reset }')
  const elsewhere = http('{ surface: openai.api, fault: overloaded }', '{ surface: [api, chat], fault: reset }')
  const both = http('{ surface: [api, chat], fault: refused }', '{ surface: [api, chat], fault: reset }')

  expect([...carriedOn(behind, anthropic)]).toEqual([])
  expect([...carriedOn(elsewhere, anthropic)]).toEqual(['phases[0].faults[1]'])
  expect([...carriedOn(both, anthropic)]).toEqual(['phases[0].faults[0]', 'phases[0].faults[1]'])
  expect(middle(both, anthropic)).toBe('closed')
})

test('a track in front of one lap leaves the entry in all laps to our own server', () => {
  const plan = planOf(`
phases:
  - { repeat: { times: 3, phases: [{ name: down, for: 1m, faults: [{ surface: [api, chat], fault: reset }] }, { name: up, for: 1m }] } }
faults: [{ from: down#2, until: up#2, surface: api, fault: overloaded, share: 50% }]
`)

  expect([...carriedOn(plan, anthropic)]).toEqual([])
})

test('laps come and go, and the proxy is told of nothing between them', () => {
  const plan = planOf(`
phases:
  - { repeat: { times: 2, phases: [{ name: down, for: 1m, faults: [{ surface: [api, chat], fault: refused }] }, { name: up, for: 1m, faults: [{ surface: api, fault: overloaded }] }] } }
`)

  expect(wireInstants(plan, [anthropic]).map(t => `${t} ${wireStateAt(plan, anthropic, t).enabled}`)).toEqual([
    '0 false',
    '60000 true',
    '120000 false',
    '180000 true',
  ])
  expect(wireStateAt(plan, anthropic, -1)).toEqual({ enabled: true, toxics: [] })
})

test.for([
  ['refused', 'closed'],
  ['reset', 'reset_peer 1 {"timeout":0}'],
  ['black-hole', 'timeout 1 {"timeout":0}'],
  ['slow-first-byte', 'latency 1 {"latency":15000,"jitter":0}'],
  ['{ stream-cut: { after: 100 bytes } }', 'limit_data 1 {"bytes":100}'],
  ['{ stream-stall: { after: 0 bytes } }', 'bandwidth 1 {"rate":0}'],
  ['{ slow-tokens: { per_token: 20ms } }', 'slicer 1 {"average_size":4,"size_variation":0,"delay":20000}'],
] as const)('on a TCP service %s is carried', ([fault, says]) => {
  const plan = tcp(`{ surface: cache, fault: ${fault} }`)

  expect(unsupportedByToxiproxy(plan)).toEqual([])
  expect(middle(plan, cache)).toBe(says)
  expect(wireStateAt(plan, cache, 60_000).entry).toBe('phases[0].faults[0]')
})

test('on a TCP service a share is one of connections, and a ramp goes in steps', () => {
  const share = tcp('{ surface: cache, fault: black-hole, share: 30% }')
  const ramp = tcp('{ surface: cache, fault: black-hole, share: { from: 100%, to: 70% } }')

  expect(middle(share, cache)).toBe('timeout 0.3 {"timeout":0}')
  expect(unsupportedByToxiproxy(ramp)).toEqual([])
  expect(
    wireInstants(ramp, [cache]).map(t => [t / 60_000, wireStateAt(ramp, cache, t).toxics[0]?.toxicity ?? 0]),
  ).toEqual([
    [0, 1],
    [expect.closeTo(10 / 6, 3), 0.9],
    [expect.closeTo(5, 3), 0.8],
    [expect.closeTo(50 / 6, 3), 0.7],
    [10, 0],
  ])
})

test('a hurried scenario has its durations hurried, and nothing else', () => {
  expect(middle(tcp('{ surface: cache, fault: slow-first-byte }'), cache, 20)).toBe(
    'latency 1 {"latency":750,"jitter":0}',
  )
  expect(middle(tcp('{ surface: cache, fault: { stream-cut: { after: 100 bytes } } }'), cache, 20)).toBe(
    'limit_data 1 {"bytes":100}',
  )
})

test.for([
  ['{ surface: cache, fault: overloaded }', 'fault', 'do "overloaded"', 'a proxy of bytes speaks no HTTP'],
  [
    '{ surface: cache, fault: connect-stall }',
    'fault',
    'do "connect-stall"',
    'a proxy accepts every connection, so none can hang before that',
  ],
  [
    '{ surface: cache, fault: brownout }',
    'fault',
    'do "brownout"',
    'what "brownout" does depends on the request or on chance',
  ],
  [
    '{ surface: cache, fault: stream-cut }',
    'fault',
    'do "stream-cut"',
    'on a TCP service only bytes are counted: after: 100 bytes',
  ],
  [
    '{ surface: cache, fault: { stream-cut: { after: 9 bytes, by: rst } } }',
    'fault',
    'do "stream-cut"',
    'a proxy ends a service\'s answer by FIN, not by "rst"',
  ],
  [
    '{ surface: cache, fault: stream-stall }',
    'fault',
    'do "stream-stall"',
    'a proxy holds the bytes of a service back from the first or not at all: after: 0 bytes',
  ],
  [
    '{ surface: cache, fault: ping-only }',
    'fault',
    'do "ping-only"',
    'what "ping-only" does depends on the request or on chance',
  ],
  [
    '{ surface: cache, mix: [{ fault: refused, share: 50% }, { fault: reset, share: 50% }] }',
    'mix',
    'do a mix',
    'a proxy cannot choose from a mix',
  ],
  [
    '{ surface: cache, fault: refused, when: { first: 3 } }',
    'when',
    'heed "when"',
    'it does not see who asks for what',
  ],
  [
    '{ surface: cache, fault: black-hole, sticky: user, share: 10% }',
    'sticky',
    'heed "sticky"',
    'it does not see who asks for what',
  ],
  [
    '{ surface: cache, fault: refused, share: 50% }',
    'share',
    'refuse a share of the connections',
    'a port is open or closed for all',
  ],
  [
    '{ surface: cache, fault: reset, share: 50% }',
    'share',
    'reset a share of the connections',
    'it then ends the others by a reset too, which may cost them their last bytes',
  ],
] as const)('%s is refused before the run', ([entry, key, what, because]) => {
  expect(unsupportedByToxiproxy(tcp(entry))).toEqual([
    {
      path: `phases[0].faults[0].${key}`,
      message: `Toxiproxy cannot ${what} on the TCP service "cache": ${because}.`,
      hint: expect.any(String),
    },
  ])
})

test('two faults at a time on a TCP service are refused where the first leaves something over', () => {
  const plan = tcp('{ surface: cache, fault: black-hole, share: 50% }', '{ surface: cache, fault: slow-first-byte }')
  const whole = tcp('{ surface: cache, fault: black-hole }', '{ surface: cache, fault: slow-first-byte }')

  expect(unsupportedByToxiproxy(plan).map(({ path }) => path)).toEqual(['phases[0].faults[1].surface'])
  expect(unsupportedByToxiproxy(whole)).toEqual([])
})

test('limits and capacity on a TCP service are refused; on HTTP surfaces nothing is', () => {
  const plan = planOf(`
surfaces: { cache: { tcp: 127.0.0.1:6379 }, tickets: { http: { path: /tickets } } }
capacity: [{ surface: cache, slots: 3 }]
phases:
  - name: one
    for: 10m
    faults: [{ surface: tickets, fault: overloaded, share: 50%, sticky: user }]
    limits: [{ surface: cache, requests: 6/m }, { surface: api, requests: 6/m }]
`)

  expect(unsupportedByToxiproxy(plan).map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'phases[0].limits[0]: Toxiproxy cannot keep a limit on the TCP service "cache": it sees bytes, and no requests.',
    'capacity[0]: Toxiproxy cannot keep a capacity on the TCP service "cache": it sees bytes, and no requests.',
  ])
})

test('the TCP services of a scenario are routes of their own, by their full names', () => {
  const plan = planOf(
    'surfaces: { cache: { tcp: 127.0.0.1:6379 }, http.db: { tcp: "[::1]:5432" }, web: { http: { port: 80 } } }\nphases: [{ name: one, for: 1m }]',
  )

  expect(tcpRoutes(plan)).toEqual([
    { name: 'http.cache', kind: 'tcp', surfaces: ['http.cache'], address: '127.0.0.1:6379' },
    { name: 'http.db', kind: 'tcp', surfaces: ['http.db'], address: '[::1]:5432' },
  ])
})

test.for(['127.0.0.1:0', '127.0.0.1:65536'])('check refuses %s, which is no address', address => {
  expect(() => planOf(`surfaces: { cache: { tcp: "${address}" } }\nphases: [{ name: one, for: 1m }]`)).toThrow(
    'Expected an address such as db.local:5432',
  )
})

test('whatever check accepts on a TCP service, and we do not refuse, is sound for the server', () => {
  const durations = fc.oneof(
    fc.constantFrom('0s', '1ms', '90s', '24d', '100000000d'),
    fc.nat().map(n => `${n}ms`),
  )
  const faults = fc.oneof(
    durations.map(time => `{ reset: { after: ${time} } }`),
    durations.map(time => `{ slow-first-byte: { by: ${time} } }`),
    durations.map(time => `{ slow-tokens: { per_token: ${time} } }`),
    fc.nat().map(bytes => `{ stream-cut: { after: ${bytes} bytes } }`),
    fc.constantFrom('black-hole', 'refused', '{ stream-stall: { after: 0 bytes } }'),
  )
  const speeds = fc.constantFrom(1, 7, 60, 0.5, 100_000)
  const shares = fc.constantFrom('', ', share: 33%', ', share: { from: 1%, to: 3% }')
  let sent = 0

  fc.assert(
    fc.property(faults, shares, speeds, fc.nat(600_000), (fault, share, speed, t) => {
      const plan = tcp(`{ surface: cache, fault: ${fault}${share} }`)
      if (unsupportedByToxiproxy(plan).length > 0) return
      for (const toxic of wireStateAt(plan, cache, t, speed).toxics) {
        sent++
        expect(toxicProblem(toxic)).toBeUndefined()
      }
    }),
    { numRuns: 300 },
  )
  expect(sent).toBeGreaterThan(50)
})
