import { isUtf8 } from 'node:buffer'
import { InvariantError } from '../../lib/invariant.ts'
import type { Effect } from '../../model/effect.ts'
import { splitAt, toChunks } from '../../providers/body.ts'
import { cutAt, type WireAnswer } from '../../providers/cut.ts'
import { garble, unsized } from '../../providers/garble.ts'
import { lose } from '../../providers/lose.ts'
import type { Respond, Script } from '../../providers/provider.ts'
import type { Answered } from './forwarded.ts'
import type { Relayed, RelayOptions } from './relayed.ts'

/** Frames that an answer would have had as a stream, about: what `events` of a document is a share of. */
const frames = 14

/** An answer that is one document, spoilt as a simulated one would be. Other than a stream it is there as a whole. */
export async function relayDocument(
  effect: Effect,
  answered: Answered,
  headers: Readonly<Record<string, string>>,
  options: RelayOptions,
): Promise<Relayed> {
  const { bytes, broken } = await collect(answered)
  const answer: WireAnswer = {
    ...{ status: answered.status, headers, firstByteMs: 0, streamed: false, frames },
    // Its time has passed already.
    generatingMs: answered.waitedMs * (options.speed ?? 1),
    pieces: [{ afterMs: 0, data: isUtf8(bytes) ? bytes.toString() : bytes }],
  }
  if (broken !== undefined) {
    const script: Script = { ...open(answer), chunks: toChunks(answer.pieces), end: { type: 'rst' }, good: false }
    return { type: 'script', script, broken }
  }
  return { type: 'script', script: scriptOf(effect, answer, bytes, options) }
}

function scriptOf(effect: Effect, answer: WireAnswer, bytes: Buffer, options: RelayOptions): Script {
  const { dialect, request, context } = options
  const { headers, pieces } = answer
  if (bytes.length === 0) return { ...open(answer), chunks: [], end: { type: 'finish' }, good: true }
  switch (effect.type) {
    case 'slow': {
      const afterMs = Math.round(tokensIn(bytes) * effect.perTokenMs)
      return { ...open(answer), afterMs, chunks: toChunks(pieces), end: { type: 'finish' }, good: true }
    }
    case 'cut': {
      const [chunks] = splitAt(pieces, cutAt(answer, effect.after).bytes)
      const said = effect.by === 'clean' ? unsized(headers) : headers
      return { ...open(answer), headers: said, chunks, end: { type: effect.by }, good: false }
    }
    case 'stall': {
      const [chunks, rest] = splitAt(pieces, cutAt(answer, effect.after).bytes)
      const { forMs } = effect
      const end = { type: 'stall', ...(forMs !== undefined && { forMs, rest }) } as const
      return { ...open(answer), chunks, end, good: forMs !== undefined }
    }
    case 'stream-error':
      return dialect.plainError({ type: effect.error, message: effect.message }, request, context)
    case 'garble':
      // In what is no text there is no JSON to spoil but by its end.
      return garble(answer, isUtf8(bytes) ? effect.how : 'truncated-json', dialect.oddFrame(request))
    case 'lose':
      return lose(answer, effect.at)
    default:
      throw new InvariantError(`No document comes of ${effect.type}`)
  }
}

function open({ status, headers }: WireAnswer): Pick<Respond, 'type' | 'afterMs' | 'status' | 'headers'> {
  return { type: 'respond', afterMs: 0, status, headers }
}

async function collect(answered: Answered): Promise<{ readonly bytes: Buffer; readonly broken?: string }> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of answered.body) pieces.push(piece)
    return { bytes: Buffer.concat(pieces) }
  } catch (error) {
    return { bytes: Buffer.concat(pieces), broken: answered.why(error) }
  }
}

/** As the document itself says, in the words of any of the providers; else as many as its length makes likely. */
function tokensIn(bytes: Buffer): number {
  const said = /"(?:output_tokens|completion_tokens|candidatesTokenCount|outputTokens)":\s*(\d+)/.exec(bytes.toString())
  return said ? Number(said[1]) : Math.ceil(bytes.length / 4)
}
