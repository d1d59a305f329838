/**
 * Which attempts a case's fault is for; `begins`: all, once the first are under way; `ends`: all, until those that it has hit
 * are still under way.
 */
export type Scope = 'all' | 'first' | 'half' | 'begins' | 'ends'

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
  readonly maxRetries: number
  /** Whether connections have been used before, where there are any. */
  readonly reused: boolean
  /** Whether the provider is reached over HTTPS, as in life. */
  readonly secure: boolean
  /** The client gives up on a stream that is about to end: which comes first is chance. */
  readonly isRace: boolean
  /** Ids of the clients that play it; all when absent. */
  readonly clients?: readonly string[]
}

/** Longer than any call takes that comes to an end. */
const longMs = 12_000
/** Long enough for all that comes before a call hangs. */
const shortMs = 2_500

function a(fault: string, params = '', more: Partial<ParityCase> = {}): ParityCase {
  return {
    fault,
    params,
    scopes: ['all', 'first'],
    speed: 4,
    patienceMs: longMs,
    tool: false,
    maxRetries: 1,
    reused: false,
    secure: false,
    isRace: false,
    ...more,
  }
}

const once = { scopes: ['all'] } as const
/** Shorter than a simulated client waits for a connection. */
const timed = { timeoutMs: 2_000 } as const
const hanging = { patienceMs: shortMs } as const
/** Nothing of an answer that is not streamed has come by then. */
const turning = { scopes: ['begins'], clients: ['anthropic', 'openai'], speed: 1, maxRetries: 0 } as const
const pinged = { patienceMs: 4_000, speed: 6 } as const
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
  a('connect-stall', '', { ...unhurried, patienceMs: 16_000 }),
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
  a('malformed-json', '', { isRace: true }),
  a('truncated-json'),
  a('wrong-type'),
  a('empty-answer'),
  a('empty-answer', 'how: no-body', once),
  a('wrong-answer'),
  a('lost-response'),
  a('lost-response', 'at: body', once),
  a('lost-response', 'at: end', once),
  ...['overloaded', 'tls', 'reset', 'stream-cut'].map(fault => a(fault, '', { secure: true })),
  a('stream-cut', 'by: rst', { ...once, secure: true }),
  a('brownout', 'median: 400ms, p99: 1s'),
  ...['overloaded', 'refused', 'dns', 'reset'].map(fault => a(fault, '', turning)),
  a('black-hole', '', { ...turning, ...timed, scopes: ['begins', 'ends'] }),
  a('connect-stall', '', { ...turning, ...timed }),
  a('idle-close', '', { scopes: ['first'], reused: true }),
  // Alone, so that nobody else has used the connection of its second attempt.
  a('idle-close', '', { ...once, reused: true, clients: ['anthropic'] }),
]

/** A scenario in which nothing else goes wrong. Where the fault begins or ends under way, it does so at `turnMs`. */
export function scenarioOf({ fault, params }: ParityCase, scope: Scope, turnMs: number): string {
  const narrower = { first: ', when: { first: 1, per: call }', half: ', share: 50%', all: '', begins: '', ends: '' }[
    scope
  ]
  const calm = scope === 'begins' ? `  - { name: calm, for: ${turnMs}ms }\n` : ''
  return [
    `blackstart: 1\nid: parity\nphases:\n${calm}  - name: down\n    for: ${scope === 'ends' ? `${turnMs}ms` : '1h'}\n    faults:\n`,
    `      - { surface: [anthropic.api, openai.api], fault: { ${fault}: { ${params} } }${narrower} }\n`,
  ].join('')
}
