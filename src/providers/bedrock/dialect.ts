import type { Dialect } from '../render.ts'
import { errorAnswer, exceptionAnswer } from './errors.ts'
import { chunkFrame, eventFrame, exceptionFrame } from './event-stream.ts'
import { exceptionOf, inStream } from './exceptions.ts'
import { goodAnswer } from './good-answer.ts'

/** The wire of Bedrock's runtime. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer: (kind, options, _, context) => errorAnswer(kind, options, context),
  plainError: ({ type, message }, _, context) => exceptionAnswer(exceptionOf(type, message), {}, context),
  errorFrame({ type, message }) {
    const exception = exceptionOf(type, message)
    return exceptionFrame(inStream(exception), exception.message)
  },
  oddFrame: ({ surface }) =>
    surface === 'api.converse'
      ? eventFrame('contentHint', JSON.stringify({ hint: { kind: 'unknown' } }))
      : chunkFrame(JSON.stringify({ type: 'content_hint', hint: { kind: 'unknown' } })),
  // Its streams are silent while they have nothing to say.
  ping: () => undefined,
}
