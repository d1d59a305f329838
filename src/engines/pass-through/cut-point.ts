import type { Clock } from '../../clock/clock.ts'
import type { CutPoint } from '../../model/effect.ts'
import { type Frame, isToolJson, tellsEnd } from './frames.ts'
import type { Inflow, Over } from './inflow.ts'
import type { Data } from './steps.ts'

/** How far a stream was let through. */
export interface Reached {
  /** Whole frames that were sent. */
  readonly frames: number
  /** What was held back of the frame that the point fell into. */
  readonly rest: Uint8Array
  /** The stream was over before the point was reached. */
  readonly ended?: Over
}

interface Sent {
  readonly frames: number
  readonly bytes: number
}

const nothing = new Uint8Array()

/** Where the middle of an answer is cannot be known before its end: frames that are safely inside of most. */
const framesBeforeInside = 4

/**
 * Lets a live stream through up to `point`. No point lies behind what tells that the answer is complete, so that a fault
 * that hit is felt. `whole` moves it back to the end of a frame, where something else can follow.
 */
export async function* upTo(
  inflow: Inflow,
  point: CutPoint,
  clock: Clock,
  whole = false,
): AsyncGenerator<Data, Reached> {
  const untilMs = 'ms' in point ? clock.now() + point.ms : Number.POSITIVE_INFINITY
  let sent: Sent = { frames: 0, bytes: 0 }
  if (isAtStart(point)) return { frames: 0, rest: nothing }
  for (;;) {
    const frame = await inflow.nextBefore(untilMs)
    if (frame === 'late') return { frames: sent.frames, rest: nothing }
    if ('over' in frame) return { frames: sent.frames, rest: nothing, ended: frame }
    const { bytes } = frame
    const room = bytesBefore(point, frame, sent) ?? Number.POSITIVE_INFINITY
    const taken = room >= bytes.length ? bytes.length : whole ? 0 : room
    if (taken > 0) yield { type: 'data', data: bytes.subarray(0, taken) }
    sent = { frames: sent.frames + (taken === bytes.length ? 1 : 0), bytes: sent.bytes + taken }
    if (Number.isFinite(room)) return { frames: sent.frames, rest: bytes.subarray(taken) }
  }
}

function isAtStart(point: CutPoint): boolean {
  return ('events' in point && point.events <= 0) || ('bytes' in point && point.bytes <= 0)
}

/** How many bytes of the frame come before the point; `undefined` when the point is not in it, nor at its end. */
function bytesBefore(point: CutPoint, frame: Frame, sent: Sent): number | undefined {
  const { length } = frame.bytes
  const isLast = tellsEnd(frame)
  if ('events' in point) {
    if (isLast) return 0
    return sent.frames + 1 >= point.events ? length : undefined
  }
  if ('bytes' in point) {
    const left = Math.floor(point.bytes) - sent.bytes
    if (isLast) return Math.min(left, length - 1)
    return left <= length ? left : undefined
  }
  if ('ms' in point) return isLast ? 0 : undefined
  const half = length >> 1
  switch (point.inside) {
    case 'frame':
      return isLast || sent.frames >= framesBeforeInside ? half : undefined
    case 'code-point': {
      const at = frame.bytes.findIndex(byte => byte >= 0x80)
      return at >= 0 ? at + 1 : isLast ? half : undefined
    }
    case 'tool-json':
      return isLast || isToolJson(frame) ? half : undefined
  }
}
