import type { Effect } from '../model/effect.ts'
import { contentHeaders, type Piece, splitAt, textIn, toChunks } from './body.ts'
import { cutAt, type WireAnswer } from './cut.ts'
import type { Respond } from './provider.ts'

type How = (Effect & { type: 'garble' })['how']

const page =
  '<!DOCTYPE html>\n<html lang="en"><head><title>Just a moment...</title></head><body>Just a moment...</body></html>\n'

/** A 200 whose bytes are not what its format promises. `oddFrame`: an event of a kind that no client can know. */
export function garble(answer: WireAnswer, how: How, oddFrame: string | Uint8Array): Respond {
  switch (how) {
    case 'wrong-type':
      return respond(answer, [{ afterMs: 0, data: page }], { ...answer.headers, ...contentHeaders('text/html', page) })
    case 'malformed-json':
      return respond(answer, malformed(answer))
    case 'truncated-json':
      return short(answer, cutAt(answer, { inside: 'frame' }).bytes)
    case 'no-stop':
      return short(
        answer,
        cutAt(answer, { events: answer.frames - (answer.streamed ? (answer.stopFrames ?? 1) : 0) }).bytes,
      )
    case 'odd-event':
      // A client must tolerate what it does not know, so the answer is good.
      return { ...respond(answer, odd(answer, oddFrame)), good: true }
  }
}

function respond(answer: WireAnswer, pieces: readonly Piece[], headers = unsized(answer.headers)): Respond {
  const { status, firstByteMs } = answer
  return {
    type: 'respond',
    afterMs: firstByteMs,
    status,
    headers,
    chunks: toChunks(pieces),
    end: { type: 'finish' },
    good: false,
  }
}

/** Ends early, and as if that were all. */
function short(answer: WireAnswer, bytes: number): Respond {
  const [chunks] = splitAt(answer.pieces, bytes)
  return { ...respond(answer, []), chunks, end: { type: 'clean' } }
}

/** The first colon of the middle frame's JSON is lost: same length but one, and no parser takes it. */
function malformed({ pieces }: WireAnswer): readonly Piece[] {
  const from = Math.floor(pieces.length / 2)
  const at = pieces.findIndex((piece, i) => i >= from && jsonIn(piece).includes('":'))
  return pieces.map((piece, i) => (i === at ? { ...piece, data: without(piece, '":', '"') } : piece))
}

function jsonIn(piece: Piece): string {
  return piece.text?.json ?? textIn(piece)
}

/** A binary frame stays sound: what it carries does not. */
function without(piece: Piece, what: string, instead: string): string | Uint8Array {
  const json = jsonIn(piece).replace(what, instead)
  return piece.text === undefined ? json : piece.text.framed(json)
}

function odd({ pieces, streamed, stopFrames = 1 }: WireAnswer, frame: string | Uint8Array): readonly Piece[] {
  if (streamed) return [...pieces.slice(0, -stopFrames), { afterMs: 0, data: frame }, ...pieces.slice(-stopFrames)]
  return pieces.map(piece => ({ ...piece, data: textIn(piece).replace(/\}\s*$/, ',"hint":{"kind":"unknown"}}') }))
}

/** The headers without the announced length, which no longer holds. */
export function unsized(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { 'content-length': _, ...rest } = headers
  return rest
}
