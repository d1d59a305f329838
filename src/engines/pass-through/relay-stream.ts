import type { Clock } from '../../clock/clock.ts'
import { InvariantError } from '../../lib/invariant.ts'
import type { Effect } from '../../model/effect.ts'
import { pingEveryMs } from '../../providers/render.ts'
import { upTo } from './cut-point.ts'
import type { Answered } from './forwarded.ts'
import { tellsEnd } from './frames.ts'
import type { Inflow } from './inflow.ts'
import type { Relayed, RelayOptions } from './relayed.ts'
import { type Data, type End, endOf, type Step } from './steps.ts'

const whole: End = { type: 'end', how: 'finish', outcome: 'ok' }

/** A live stream with something done to it while it comes. */
export function spoilt(effect: Effect, answered: Answered, inflow: Inflow, options: RelayOptions): Relayed {
  const { status, headers } = answered
  return { type: 'stream', status, headers, steps: steps(effect, inflow, options) }
}

/** Lets go of the upstream at the end, and when nobody reads any more. */
async function* steps(effect: Effect, inflow: Inflow, options: RelayOptions): AsyncGenerator<Step> {
  try {
    for await (const step of stepsOf(effect, inflow, options)) {
      if (step.type === 'end') inflow.cancel()
      yield step
    }
  } finally {
    inflow.cancel()
  }
}

function stepsOf(effect: Effect, inflow: Inflow, options: RelayOptions): AsyncIterable<Step> {
  const { clock } = options
  switch (effect.type) {
    case 'slow':
      return paced(inflow, effect.perTokenMs, options)
    case 'cut':
      return cut(inflow, effect, clock)
    case 'stall':
      return stalled(inflow, effect, options)
    case 'stream-error':
      return withError(inflow, effect, options)
    case 'lose':
      return effect.at === 'end' ? lostAtEnd(inflow) : lostMidway(inflow)
    case 'garble':
      return garbled(inflow, effect.how, options)
    default:
      throw new InvariantError(`No stream comes of ${effect.type}`)
  }
}

async function* cut(inflow: Inflow, { after, by }: Effect & { type: 'cut' }, clock: Clock): AsyncGenerator<Step> {
  const { ended } = yield* upTo(inflow, after, clock)
  if (ended && ended.over !== 'whole') yield endOf(ended, whole)
  // It gave no sign of its end, and is over: all that is left to spoil is how the connection ends.
  else yield ended && by === 'clean' ? whole : { type: 'end', how: by, outcome: 'cut' }
}

/** A frame is taken for a token, as most are. */
async function* paced(inflow: Inflow, perTokenMs: number, { clock, signal }: RelayOptions): AsyncGenerator<Step> {
  let dueMs = clock.now()
  for (;;) {
    const frame = await inflow.next()
    if ('over' in frame) return yield endOf(frame, whole)
    dueMs = Math.max(clock.now(), dueMs + perTokenMs)
    await clock.sleep(dueMs - clock.now(), signal)
    yield { type: 'data', data: frame.bytes }
  }
}

async function* stalled(
  inflow: Inflow,
  { after, pings, forMs }: Effect & { type: 'stall' },
  { dialect, request, clock, signal }: RelayOptions,
): AsyncGenerator<Step> {
  const isPinged = pings && dialect.ping(request, 0) !== undefined
  const { frames, rest, ended } = yield* upTo(inflow, after, clock, isPinged)
  if (ended && ended.over !== 'whole') return yield endOf(ended, whole)
  if (forMs === undefined) inflow.cancel()
  const ping = isPinged ? dialect.ping(request, frames) : undefined
  if (forMs === undefined && ping === undefined) return yield { type: 'end', how: 'hold', outcome: 'open' }
  const untilMs = forMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + forMs
  yield* silence(ping, untilMs, clock, signal)
  if (rest.length > 0) yield { type: 'data', data: rest }
  yield* remaining(inflow)
}

/** Nothing but pings, until the instant has come or the client has gone. */
async function* silence(
  ping: string | undefined,
  untilMs: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Data> {
  while (!signal.aborted) {
    const leftMs = untilMs - clock.now()
    if (ping === undefined || pingEveryMs >= leftMs) return await clock.sleep(leftMs, signal)
    await clock.sleep(pingEveryMs, signal)
    if (!signal.aborted) yield { type: 'data', data: Buffer.from(ping) }
  }
}

async function* withError(
  inflow: Inflow,
  { after, error, message }: Effect & { type: 'stream-error' },
  { dialect, request, context, clock }: RelayOptions,
): AsyncGenerator<Step> {
  const { frames, ended } = yield* upTo(inflow, after, clock, true)
  if (ended && ended.over !== 'whole') return yield endOf(ended, whole)
  yield { type: 'data', data: Buffer.from(dialect.errorFrame({ type: error, message }, request, context, frames)) }
  yield { type: 'end', how: 'finish', outcome: 'stream-error' }
}

async function* garbled(
  inflow: Inflow,
  how: (Effect & { type: 'garble' })['how'],
  { dialect, request, clock }: RelayOptions,
): AsyncGenerator<Step> {
  switch (how) {
    case 'truncated-json':
      return yield* cut(inflow, { type: 'cut', after: { inside: 'frame' }, by: 'clean' }, clock)
    case 'no-stop':
      return yield* cut(inflow, { type: 'cut', after: { events: Number.POSITIVE_INFINITY }, by: 'clean' }, clock)
    case 'malformed-json':
      return yield* malformed(inflow)
    case 'odd-event':
      return yield* withOddEvent(inflow, Buffer.from(dialect.oddFrame(request)))
    case 'wrong-type':
      throw new InvariantError('Another type is a document')
  }
}

/** Frames that go through before one is spoilt; what tells the end is spoilt at the latest. */
const soundFrames = 2

/** The first colon of one frame's JSON is lost, and no parser takes it. */
async function* malformed(inflow: Inflow): AsyncGenerator<Step> {
  for (let frames = 0; ; frames++) {
    const frame = await inflow.next()
    if ('over' in frame) return yield endOf(frame, whole)
    const hasColon = frame.text.includes('":')
    if (!hasColon || (frames < soundFrames && !tellsEnd(frame))) {
      yield { type: 'data', data: frame.bytes }
      continue
    }
    yield { type: 'data', data: frame.changed(text => text.replace('":', '"')) }
    return yield* remaining(inflow, { ...whole, outcome: 'garbled' })
  }
}

/** A client must tolerate what it does not know, so the answer is good. */
async function* withOddEvent(inflow: Inflow, odd: Uint8Array): AsyncGenerator<Step> {
  for (;;) {
    const frame = await inflow.next()
    const isOver = 'over' in frame
    if (isOver || tellsEnd(frame)) yield { type: 'data', data: odd }
    if (isOver) return yield endOf(frame, whole)
    yield { type: 'data', data: frame.bytes }
    if (tellsEnd(frame)) return yield* remaining(inflow)
  }
}

/** The upstream works to its end; of what it says, half is let through, one frame for two. */
async function* lostMidway(inflow: Inflow): AsyncGenerator<Step> {
  const held: Uint8Array[] = []
  for (let frames = 1; ; frames++) {
    const frame = await inflow.next()
    if ('over' in frame) return yield endOf(frame, { type: 'end', how: 'rst', outcome: 'cut' })
    held.push(frame.bytes)
    const data = frames % 2 === 0 ? held.shift() : undefined
    if (data) yield { type: 'data', data }
  }
}

const lostBytes = 5

/** All but the last few bytes. */
async function* lostAtEnd(inflow: Inflow): AsyncGenerator<Step> {
  let held = Buffer.alloc(0)
  for (;;) {
    const frame = await inflow.next()
    if ('over' in frame) return yield endOf(frame, { type: 'end', how: 'rst', outcome: 'cut' })
    const all = Buffer.concat([held, frame.bytes])
    const data = all.subarray(0, Math.max(0, all.length - lostBytes))
    held = all.subarray(data.length)
    if (data.length > 0) yield { type: 'data', data }
  }
}

async function* remaining(inflow: Inflow, end: End = whole): AsyncGenerator<Step> {
  for (;;) {
    const frame = await inflow.next()
    if ('over' in frame) return yield endOf(frame, end)
    yield { type: 'data', data: frame.bytes }
  }
}
