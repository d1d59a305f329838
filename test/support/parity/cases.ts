/** Which attempts a case's fault is for. */
export type Scope = 'all' | 'first' | 'half'

/** One fault, with the parameters that keep it short. */
export interface ParityCase {
  /** Id of the fault. */
  readonly fault: string
  /** As a scenario spells them. */
  readonly params: string
  readonly scopes: readonly Scope[]
  /** How many times faster than real time the scenario goes: such that no timer of an app's own decides. */
  readonly speed: number
  /** Ms until clients give up on an answer that does not begin; their own default when absent. */
  readonly timeoutMs?: number
  /** Ms that a call is waited for. */
  readonly patienceMs: number
  readonly tool: boolean
  /** Whether connections have been used before, where there are any. */
  readonly reused: boolean
  /** Ids of the clients that play it; all when absent. */
  readonly clients?: readonly string[]
}

const long = 12_000
/** Longer than any call takes that comes to an end. */
const short = 1_500

function a(fault: string, params = '', more: Partial<ParityCase> = {}): ParityCase {
  return { fault, params, scopes: ['all', 'first'], speed: 4, patienceMs: long, tool: false, reused: false, ...more }
}

const once = { scopes: ['all'] } as const
const timed = { timeoutMs: 1_200 } as const
const hanging = { patienceMs: short } as const
const pinged = { patienceMs: 2_000, speed: 12 } as const
/** What is said of time is said to the app's own clock. */
const unhurried = { speed: 1 } as const

export const cases: readonly ParityCase[] = [
  a('overloaded', '', { scopes: ['all', 'first', 'half'] }),
  a('overloaded', 'retry_after: 1s', unhurried),
  a('overloaded', 'retry_after: 700ms, retry_after_as: ms', unhurried),
  a('overloaded', 'should_retry: false', once),
  a('rate-limited', 'retry_after: 1s', unhurried),
  a('rate-limited', 'retry_after_as: none', once),
  a('unavailable'),
  a('unavailable', 'body: html', once),
  a('unavailable', 'body: empty', once),
  a('internal-error'),
  a('bad-gateway'),
  a('gateway-timeout', 'takes: 800ms'),
  a('unauthorized'),
  a('forbidden'),
  a('model-missing'),
  a('bad-request'),
  a('too-large'),
  a('too-large', 'body: html', once),
  a('origin-error', 'status: 522'),
  a('quota'),
  a('answer', 'status: 418, headers: { x-teapot: short }, body: stout, takes: 400ms'),
  a('answer', 'status: 204', once),
  a('refused', '', { scopes: ['all', 'first', 'half'] }),
  a('dns'),
  a('tls'),
  a('reset', '', { scopes: ['all', 'first', 'half'] }),
  a('reset', 'after: 800ms', once),
  a('black-hole', '', timed),
  a('connect-stall', '', timed),
  // The limit of Node's own fetch.
  a('connect-stall', '', { ...unhurried, patienceMs: 13_000 }),
  a('slow-first-byte', 'by: 1s'),
  a('slow-first-byte', 'by: 20s', timed),
  a('slow-tokens', 'per_token: 20ms'),
  a('stream-cut'),
  a('stream-cut', 'by: rst', once),
  a('stream-cut', 'by: clean', once),
  a('stream-cut', 'after: 100 bytes, by: rst', once),
  a('stream-cut', 'after: 0 bytes', once),
  a('stream-cut', 'after: inside frame', once),
  a('stream-cut', 'after: inside code-point', once),
  a('stream-cut', 'after: inside tool-json', { ...once, tool: true }),
  a('stream-stall', '', hanging),
  a('stream-stall', 'for: 1s'),
  a('stream-stall', 'after: 100 bytes', { ...hanging, ...once }),
  // Pings come every 15 s: patience ends well between the first and the second.
  a('stream-stall', 'pings: true', { ...once, ...pinged }),
  a('ping-only', '', pinged),
  a('ping-only', 'for: 20s', { ...once, speed: 25 }),
  a('stream-error'),
  a('stream-error', 'after: 6 events, error: api_error, message: Gone', once),
  a('no-message-stop'),
  a('odd-event'),
  // A client that gives up on it does so before the stream is over.
  a('malformed-json', '', { speed: 0.5 }),
  a('truncated-json'),
  a('wrong-type'),
  a('empty-answer'),
  a('empty-answer', 'how: no-body', once),
  a('wrong-answer'),
  a('lost-response'),
  a('lost-response', 'at: body', once),
  a('lost-response', 'at: end', once),
  a('brownout', 'median: 400ms, p99: 1s'),
  a('idle-close', '', { scopes: ['first'], reused: true }),
  // Alone, so that nobody else has used the connection of its second attempt.
  a('idle-close', '', { ...once, reused: true, clients: ['anthropic'] }),
]

/** A scenario in which nothing else goes wrong. */
export function scenarioOf({ fault, params }: ParityCase, scope: Scope): string {
  const narrower = { all: '', first: ', when: { first: 1, per: call }', half: ', share: 50%' }[scope]
  return [
    'blackstart: 1\nid: parity\nphases:\n  - name: down\n    for: 1h\n    faults:\n',
    `      - { surface: [anthropic.api, openai.api], fault: { ${fault}: { ${params} } }${narrower} }\n`,
  ].join('')
}
