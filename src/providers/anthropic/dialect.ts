import type { Dialect } from '../render.ts'
import { sseFrame } from '../sse.ts'
import { apiError, errorAnswer, errorEvent, errorOfType } from './errors.ts'
import { goodAnswer } from './good-answer.ts'
import { ping } from './message.ts'

/** The wire of the Claude API and of the products around it. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer,
  plainError({ type, message }, _, context) {
    const usual = errorOfType(type)
    return apiError({ status: usual.status, type, message: message ?? usual.message }, {}, context)
  },
  errorFrame: ({ type, message }, _, context) =>
    sseFrame('error', errorEvent(type, message ?? errorOfType(type).message, context)),
  oddFrame: () => sseFrame('content_hint', { type: 'content_hint', hint: { kind: 'unknown' } }),
  ping: () => ping,
}
