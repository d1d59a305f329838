import { rpcErrorJson } from '../google/rpc-error.ts'
import type { Dialect } from '../render.ts'
import { errorAnswer, errorOf, rpcError } from './errors.ts'
import { goodAnswer } from './good-answer.ts'
import { isEventStream } from './recognise.ts'
import { eventFrame } from './response.ts'

/** The wire of the Gemini API. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer,
  plainError: ({ type, message }, request, context) => rpcError(errorOf(type, message, request), {}, request, context),
  // Between events it stands as plain JSON, with no `data:` before it; in an array it is the last item.
  errorFrame({ type, message }, request, _, sent) {
    const json = rpcErrorJson(errorOf(type, message, request))
    return isEventStream(request) ? json : `${sent === 0 ? '[' : ',\r\n'}${json}]\n`
  },
  oddFrame(request) {
    const hint = { hint: { kind: 'unknown' } }
    return isEventStream(request) ? eventFrame(hint) : `,\r\n${JSON.stringify(hint, null, 2)}`
  },
  // Its streams are silent while they have nothing to say.
  ping: () => undefined,
}
