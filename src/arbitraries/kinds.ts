import type { CutPoint } from '../model/effect.ts'
import type { FaultRef, ParamValue } from '../model/scenario.ts'
import type { Dice } from './dice.ts'
import type { UsedSurface } from './frame.ts'

/** One way to go wrong, with parameters in ranges that happen. */
export interface FaultKind {
  readonly id: string
  /** How often it is among the kinds of a run, beside others. */
  readonly weight: number
  /** Whether it can befall this surface at all. */
  fits(surface: UsedSurface): boolean
  make(dice: Dice): FaultRef
}

type Values = Readonly<Record<string, ParamValue>>
const [s, m] = [1_000, 60_000]

const isModel = ({ kind }: UsedSurface) => kind === 'model'
const isStreamed = ({ kind, streams }: UsedSurface) => kind === 'model' && streams
const anywhere = () => true

function kind(
  id: string,
  weight: number,
  fits: FaultKind['fits'] = anywhere,
  params: (dice: Dice) => Values = () => ({}),
): FaultKind {
  // Half of the time as the fault is by default: those are the ranges that somebody chose with care.
  return { id, weight, fits, make: dice => ({ id, params: dice.chance(0.5) ? {} : params(dice) }) }
}

const retryAfter = (dice: Dice): Values => ({
  retry_after: dice.pick([1 * s, 5 * s, 20 * s, 60 * s, 3 * m]),
  ...(dice.chance(0.4) && { retry_after_as: dice.pick(['date', 'ms']) }),
})

const cutPoint = (dice: Dice): CutPoint =>
  dice.weighted<CutPoint>([
    [3, { events: dice.int(1, 6) }],
    [1, { bytes: dice.pick([10, 100, 300]) }],
    [1, { ms: dice.pick([200, 1 * s]) }],
    [1, { inside: dice.pick(['frame', 'code-point'] as const) }],
    [1, { inside: 'tool-json' }],
  ])

// A cut point is plain data: `ParamValue` has it as JSON.
const after = (dice: Dice): Values => ({ after: { ...cutPoint(dice) } })

/** What nobody gets anything by while it lasts, and everybody hopes for the end of. */
export const outright: ReadonlySet<string> = new Set([
  ...['overloaded', 'unavailable', 'internal-error', 'bad-gateway', 'rate-limited'],
  ...['refused', 'dns', 'reset', 'black-hole', 'connect-stall'],
])

/** Everything that can go wrong, and with what parameters. */
export const faultKinds: readonly FaultKind[] = [
  kind('overloaded', 3, anywhere, retryAfter),
  kind('rate-limited', 3, anywhere, retryAfter),
  kind('unavailable', 3, anywhere, retryAfter),
  kind('internal-error', 2),
  kind('bad-gateway', 1, anywhere, dice => ({ body: dice.pick(['json', 'text', 'empty']) })),
  kind('gateway-timeout', 1, anywhere, dice => ({ takes: dice.pick([5 * s, 30 * s]) })),
  kind('unauthorized', 2),
  kind('forbidden', 1),
  kind('model-missing', 2, isModel),
  kind('bad-request', 3),
  kind('too-large', 1),
  kind('origin-error', 1, anywhere, dice => ({ status: dice.pick([521, 522, 524, 529]) })),
  kind('quota', 1, isModel),
  kind('refused', 1),
  kind('dns', 1),
  kind('tls', 1),
  kind('reset', 1, anywhere, dice => ({ after: dice.pick([100, 2 * s]) })),
  kind('black-hole', 2),
  kind('connect-stall', 1),
  kind('slow-first-byte', 2, anywhere, dice => ({ by: dice.pick([5 * s, 30 * s, 90 * s, 5 * m]) })),
  kind('slow-tokens', 1, isModel, dice => ({ per_token: dice.pick([200, 3 * s]) })),
  kind('brownout', 1, anywhere, dice => ({ median: dice.pick([1 * s, 5 * s]), p99: dice.pick([30 * s, 2 * m]) })),
  kind('stream-cut', 3, isModel, dice => ({
    ...after(dice),
    ...(dice.chance(0.6) && { by: dice.pick(['rst', 'clean']) }),
  })),
  kind('stream-stall', 2, isModel, dice => ({
    ...after(dice),
    ...(dice.chance(0.5) && { for: dice.pick([20 * s, 2 * m]) }),
    ...(dice.chance(0.3) && { pings: true }),
  })),
  kind('ping-only', 1, isStreamed, dice => ({ for: dice.pick([20 * s, 2 * m]) })),
  kind('stream-error', 3, isStreamed, after),
  kind('no-message-stop', 2, isStreamed),
  kind('odd-event', 1, isStreamed),
  kind('malformed-json', 1),
  kind('truncated-json', 1),
  kind('wrong-type', 1, isModel),
  kind('empty-answer', 2, anywhere, () => ({ how: 'no-body' })),
  kind('wrong-answer', 1, isModel),
  kind('lost-response', 3, anywhere, dice => ({ at: dice.pick(['body', 'end']) })),
  kind('idle-close', 1),
  { id: 'answer', weight: 2, fits: isModel, make: dice => ({ id: 'answer', params: oddAnswer(dice) }) },
]

/**
 * What gateways send of their own accord: a `retry-after` that is no time to wait. None that is very long: whoever obeys it
 * does not recover, and is right.
 */
function oddAnswer(dice: Dice): Values {
  const status = dice.pick([429, 503, 529])
  const retryAfter = dice.weighted([
    [3, '0'],
    [1, '-5'],
    [1, 'soon'],
    [1, 'Mon, 02 Mar 2026 10:00:00 GMT'],
  ] as const)
  const body = JSON.stringify({ type: 'error', error: { type: 'api_error', message: 'Try again later' } })
  return { status, headers: { 'content-type': 'application/json', 'retry-after': retryAfter }, body }
}
