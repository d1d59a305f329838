import type { Dialect } from '../render.ts'
import { apiError } from './api-error.ts'
import { chunkFrame, doneFrame } from './chat.ts'
import { errorAnswer } from './errors.ts'
import { goodAnswer } from './good-answer.ts'
import { responseObject } from './response.ts'
import { responseFrame } from './response-events.ts'
import { errorOfType } from './stream-errors.ts'

/** The wire of OpenAI's API. A chat's stream has chunks without names, a response's has named and numbered events. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer,
  plainError: (error, request, context) => apiError(errorOfType(error), {}, request, context),
  errorFrame(error, request, context, sent) {
    const { status, ...said } = errorOfType(error)
    if (request.surface !== 'api.responses') return chunkFrame({ error: said }) + doneFrame
    // The response that failed names only a few codes; the error before it says what it was.
    const code = status === 429 ? (said.code ?? 'rate_limit_exceeded') : 'server_error'
    const failure = { code, message: said.message }
    const response = responseObject(request, context, { status: 'failed', error: failure })
    return responseFrame('error', sent, { error: said }) + responseFrame('response.failed', sent + 1, { response })
  },
  oddFrame: ({ surface }) =>
    surface === 'api.responses'
      ? 'event: response.content_hint\ndata: {"type":"response.content_hint","hint":{"kind":"unknown"}}\n\n'
      : chunkFrame({ object: 'chat.completion.hint', choices: [], hint: { kind: 'unknown' } }),
  // Undocumented, and seen in the responses that take long; a chat has none.
  ping: ({ surface }, sent) => (surface === 'api.responses' ? responseFrame('keepalive', sent, {}) : ': keepalive\n\n'),
}
