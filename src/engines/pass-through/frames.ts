import { invariant } from '../../lib/invariant.ts'
import { eventFrame } from './event-frame.ts'

/** One event of a stream, whole as it came. */
export interface Frame {
  readonly bytes: Uint8Array
  /** The event as text: `event:` and `data:` lines, also where the wire is binary. */
  readonly text: string
  /** The same frame with its text changed; a binary one stays sound. */
  changed(change: (text: string) => string): Uint8Array
}

export type Framing = 'sse' | 'amazon'

/** How the events of an answer are told apart; `undefined` when it is one document. */
export function framingOf(contentType: string | undefined): Framing | undefined {
  if (contentType === undefined) return undefined
  if (/^text\/event-stream\b/i.test(contentType)) return 'sse'
  return /^application\/vnd\.amazon\.eventstream\b/i.test(contentType) ? 'amazon' : undefined
}

/** Puts a stream's pieces together again to the frames that its sender wrote. */
export class FrameReader {
  private readonly framing: Framing
  private kept: Buffer = Buffer.alloc(0)
  /** Up to here there is no end of a frame. */
  private searched = 0

  constructor(framing: Framing) {
    this.framing = framing
  }

  /** The frames that `bytes` complete. */
  push(bytes: Uint8Array): readonly Frame[] {
    this.kept = this.kept.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.kept, bytes])
    const frames: Frame[] = []
    for (let end = this.endOfFrame(); end !== undefined; end = this.endOfFrame()) {
      invariant(end > 0, 'A frame has no bytes')
      frames.push(this.frame(this.kept.subarray(0, end)))
      this.kept = this.kept.subarray(end)
      this.searched = 0
    }
    return frames
  }

  /** What came last and is no whole frame. */
  rest(): Frame | undefined {
    return this.kept.length === 0 ? undefined : textFrame(this.kept)
  }

  private endOfFrame(): number | undefined {
    return this.framing === 'sse' ? this.afterBlankLine() : this.afterLength()
  }

  /** An event ends with a blank line. */
  private afterBlankLine(): number | undefined {
    const { kept } = this
    for (let at = kept.indexOf(newline, this.searched); at >= 0; at = kept.indexOf(newline, at + 1)) {
      const next = kept[at + 1] === carriageReturn ? at + 2 : at + 1
      if (kept[next] === newline) return next + 1
      // The byte that decides may not be here yet.
      this.searched = next < kept.length ? at + 1 : at
    }
    return undefined
  }

  private afterLength(): number | undefined {
    const { kept } = this
    if (kept.length < 4) return undefined
    // What is too small to be a frame is no stream of frames: it goes through as it is.
    const length = Math.max(kept.readUInt32BE(0), smallestAmazonFrame)
    return kept.length < length ? undefined : length
  }

  private frame(bytes: Buffer): Frame {
    return (this.framing === 'amazon' ? eventFrame(bytes) : undefined) ?? textFrame(bytes)
  }
}

const newline = 0x0a
const carriageReturn = 0x0d
const smallestAmazonFrame = 16

function textFrame(bytes: Buffer): Frame {
  const text = bytes.toString()
  return { bytes, text, changed: change => Buffer.from(change(text)) }
}

/** With any of these a stream tells that it is complete: a stop by name, the reason why a model stopped, the last line. */
const stops =
  /"type":\s*"(?:message_stop|response\.(?:completed|incomplete|failed))"|"finish_?[rR]eason":\s*"|^event: messageStop$|^data: ?\[DONE\]/m

/**
 * Whether the frame, or one that must follow it, tells that the answer is complete. What a model says cannot look like it,
 * for inside of a JSON string every quote is escaped.
 */
export function tellsEnd({ text }: Frame): boolean {
  return stops.test(text)
}

/** Whether the frame has JSON of a tool call in it. */
export function isToolJson({ text }: Frame): boolean {
  return /"(?:partial_json|arguments|input)":\s*"[^"]|function_call_arguments\.delta"|"functionCall":/.test(text)
}
