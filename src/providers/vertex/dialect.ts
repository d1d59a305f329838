import { errorOfType } from '../anthropic/errors.ts'
import { ping } from '../anthropic/message.ts'
import type { Dialect } from '../render.ts'
import { sseFrame } from '../sse.ts'
import { errorAnswer, modelError } from './errors.ts'
import { goodAnswer } from './good-answer.ts'
import { requestId } from './headers.ts'
import { loginError } from './login.ts'

/** The wire of Claude on Vertex, and of the tokens that it asks for. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer: (kind, options, request, context) =>
    request.surface === 'login' ? loginError(kind, options, context) : errorAnswer(kind, options, request, context),
  plainError({ type, message }, { surface }, context) {
    if (surface === 'login') return loginError('internal-error', message === undefined ? {} : { message }, context)
    const usual = errorOfType(type)
    return modelError({ status: usual.status, type, message: message ?? usual.message }, {}, context)
  },
  errorFrame({ type, message }, _, { attemptId }) {
    const error = { details: null, type, message: message ?? errorOfType(type).message }
    return sseFrame('error', { type: 'error', error, request_id: requestId(attemptId) })
  },
  // Vertex itself puts such an event between those of the model.
  oddFrame: () => sseFrame('vertex_event', { type: 'vertex_event' }),
  ping: () => ping,
}
