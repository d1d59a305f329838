/**
 * Where a fault is: in force for all of what is behind one address, or for some requests (a share, a `when`). `begins` and
 * `ends` are of what is under way at those instants.
 */
export type DifferenceScope = 'all' | 'some' | 'begins' | 'ends'

/**
 * Something that an app, or the journal, can tell an engine from a simulation by. The parity suite holds that each of
 * these is so, and that there is nothing else; `docs/engines.md` lists them.
 */
export interface Difference {
  readonly faults: readonly string[]
  readonly engines: readonly ('loopback' | 'toxiproxy')[]
  readonly scopes: readonly DifferenceScope[]
  /** What is seen in a simulation. */
  readonly simulated: string
  /** What is seen there in its place. */
  readonly real: string
  readonly why: string
  /** Only where the provider is reached over plain HTTP. */
  readonly overHttp?: true
  /** It is as if the fault were for these attempts. */
  readonly like?: 'first'
  /** How the one becomes the other in what the suite writes down; all are made, in this order. */
  readonly rewrites?: readonly (readonly [from: RegExp, to: string])[]
}

const both = ['loopback', 'toxiproxy'] as const
const closed = 'SocketError UND_ERR_SOCKET "other side closed"'
const reset = 'Error ECONNRESET "read ECONNRESET"'
const refused = /Error ECONNREFUSED "connect ECONNREFUSED HOST"/g
const notFound = /Error ENOTFOUND "getaddrinfo ENOTFOUND [^"]+"/g
const noHandshake =
  /Error ECONNRESET "Client network socket disconnected before secure TLS connection was established"/g

/** All that is seen of a call without retries whose connection is closed. */
const endedUnderWay = (effect: string) =>
  [
    `threw APIConnectionError "Connection error." < TypeError "fetch failed" < ${closed}`,
    `attempt: TypeError "fetch failed" < ${closed}`,
    `recorded: 1 ${effect} aborted`,
  ].join('\n')

/** All that was seen, where it was that. */
const givenUp = /^.*UND_ERR_CONNECT_TIMEOUT.*$/s

/** In an order in which each begins from what those before it have made of a simulation. */
export const differences: readonly Difference[] = [
  {
    faults: ['dns'],
    engines: both,
    scopes: ['all'],
    simulated: '`ENOTFOUND`',
    real: '`ECONNREFUSED`',
    why: 'An app reaches the engine at an address of this machine, and that always resolves. The nearest thing is that nobody is there.',
    rewrites: [
      [notFound, 'Error ECONNREFUSED "connect ECONNREFUSED HOST"'],
      [/^recorded: (\d) dns dns$/gm, 'recorded: $1 dns refused'],
    ],
  },
  {
    faults: ['refused', 'dns'],
    engines: both,
    scopes: ['some'],
    simulated: '`ECONNREFUSED`, or `ENOTFOUND`',
    real: '`ECONNRESET`: the connection is torn down before any answer',
    why: 'Which request it is shows when it has been read, and then it is too late to refuse the connection that it came by.',
    rewrites: [
      [refused, reset],
      [notFound, reset],
      [/^recorded: (\d) (refuse|dns) (refused|dns)$/gm, 'recorded: $1 $2 reset'],
    ],
  },
  {
    faults: ['tls'],
    engines: ['loopback'],
    scopes: ['all'],
    simulated: '`ECONNRESET` within the handshake',
    real: 'over plain HTTP, `ECONNRESET` before any answer: the message of the innermost error is another. With `--tls` none',
    why: 'Over plain HTTP there is no handshake that could fail.',
    overHttp: true,
    rewrites: [[noHandshake, reset]],
  },
  {
    faults: ['tls'],
    engines: both,
    scopes: ['some'],
    simulated: '`ECONNRESET` within the handshake',
    real: '`ECONNRESET` before any answer: the message of the innermost error is another',
    why: 'Which request it is shows when it has been read, and then the handshake is over.',
    rewrites: [[noHandshake, reset]],
  },
  {
    faults: ['tls'],
    engines: ['toxiproxy'],
    scopes: ['all'],
    simulated: '`ECONNRESET` within the handshake',
    real: '`ECONNRESET` before any answer: the message of the innermost error is another',
    why: 'A proxy takes no part in a handshake.',
    rewrites: [[noHandshake, reset]],
  },
  {
    faults: ['connect-stall'],
    engines: both,
    scopes: ['some'],
    simulated: "Node's own `fetch` gives up after 10 s without a connection",
    real: 'it gives up after 300 s without an answer; whoever has a shorter deadline sees no difference',
    why: 'Which request it is shows when it has been read, and then there is a connection.',
    rewrites: [[givenUp, 'hangs\nattempt: no answer\nrecorded: 1 hold aborted']],
  },
  {
    faults: ['connect-stall'],
    engines: ['toxiproxy'],
    scopes: ['all'],
    simulated: "Node's own `fetch` gives up after 10 s without a connection",
    real: 'it gives up after 300 s without an answer; whoever has a shorter deadline sees no difference',
    why: 'A proxy accepts every connection.',
    rewrites: [[givenUp, 'hangs\nattempt: no answer\nrecorded: 1 hold aborted']],
  },
  {
    faults: ['idle-close'],
    engines: both,
    scopes: ['all'],
    simulated: 'every attempt meets it',
    real: 'an attempt on a connection that was used before meets it; its retry opens another one, and goes well',
    why: 'In a simulation there are no connections, so none is known to be fresh.',
    like: 'first',
  },
  {
    faults: ['refused', 'dns', 'reset', 'black-hole'],
    engines: ['toxiproxy'],
    scopes: ['begins'],
    simulated: 'what was under way as the fault began comes to its own end',
    real: 'it ends at that instant: `UND_ERR_SOCKET`, *other side closed*',
    why: 'Toxiproxy closes connections, or those that are kept alive would dodge the fault.',
    rewrites: [[/^returned.*$/s, endedUnderWay('pass answered')]],
  },
  {
    faults: ['black-hole'],
    engines: ['toxiproxy'],
    scopes: ['ends'],
    simulated: 'what was swallowed is never answered',
    real: 'its connection is closed as the fault ends: `UND_ERR_SOCKET`, *other side closed*',
    why: 'The same: only so does the next request on it find the provider well.',
    rewrites: [[/^threw APIConnectionTimeoutError.*$/s, endedUnderWay('hold')]],
  },
  {
    faults: ['refused', 'dns', 'tls', 'reset'],
    engines: ['toxiproxy'],
    scopes: ['some'],
    simulated: 'a reset: `ECONNRESET`',
    real: 'a close: `UND_ERR_SOCKET`, *other side closed*',
    why: 'Toxiproxy passes on the reset of what is behind it as a plain close. What it can do by itself, to all connections, is a real reset.',
    rewrites: [[/Error ECONNRESET "read ECONNRESET"/g, closed]],
  },
  {
    faults: ['tls', 'idle-close', 'stream-cut', 'lost-response'],
    engines: ['toxiproxy'],
    scopes: ['all', 'some'],
    simulated: 'a reset: `ECONNRESET`',
    real: 'a close: `UND_ERR_SOCKET`, *other side closed*',
    why: 'The same: only the server behind Toxiproxy knows when.',
    rewrites: [[/Error ECONNRESET "read ECONNRESET"/g, closed]],
  },
]
