import { randomStream } from '../../lib/draw.ts'
import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { shortHash } from '../hash.ts'
import { errorMs } from '../pace.ts'
import { markedProse } from '../prose.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { Dialect, GoodAnswer, Manner } from '../render.ts'
import { retryHeaders } from '../retry-after.ts'
import { sseFrame } from '../sse.ts'

/** Plain HTTP: the status says it, and a small JSON document says it again. */
export const dialect: Dialect = {
  goodAnswer,
  errorAnswer,
  plainError: ({ type, message }, _, context) => failure(500, message ?? type, {}, context),
  errorFrame: ({ type, message }) => sseFrame('error', { error: { type, message: message ?? type } }),
  oddFrame: () => sseFrame('hint', { kind: 'unknown' }),
  ping: () => ': ping\n\n',
}

const medianMs = 40

function goodAnswer(request: Recognised, context: RenderContext, { kind, perTokenMs = 0 }: Manner): GoodAnswer {
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  const id = request.sideEffect?.key ?? shortHash(`${context.attemptId} done`)
  const asked = kind === 'wrong' ? `x${shortHash(context.attemptId, 8)}` : request.question
  const said = asked === undefined ? {} : { text: markedProse(asked, 12, random) }
  const document = kind === 'empty' ? {} : { ok: true, id, ...said }
  const firstByteMs = Math.round(medianMs * (0.7 + random() * 0.6))
  const usual = { status: 200, firstByteMs, generatingMs: medianMs, turn: undefined }
  if (!request.streaming) {
    const text = JSON.stringify(document)
    const pieces = [{ afterMs: Math.round((perTokenMs * text.length) / 4), data: text }]
    const headers = contentHeaders('application/json', text)
    return { answer: { ...usual, headers, pieces, streamed: false, frames: 4 }, turn: undefined }
  }
  const frames = [...Object.entries(document).map(([name, value]) => sseFrame(name, value)), sseFrame('done', {})]
  const pieces = frames.map(data => ({ afterMs: Math.round((perTokenMs * data.length) / 4), data }))
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }
  return { answer: { ...usual, headers, pieces, streamed: true, frames: frames.length }, turn: undefined }
}

const statuses: Readonly<Record<ErrorKind, readonly [status: number, words: string]>> = {
  overloaded: [503, 'Service Unavailable'],
  'rate-limited': [429, 'Too Many Requests'],
  unavailable: [503, 'Service Unavailable'],
  'internal-error': [500, 'Internal Server Error'],
  'bad-gateway': [502, 'Bad Gateway'],
  'gateway-timeout': [504, 'Gateway Timeout'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  'model-missing': [404, 'Not Found'],
  'bad-request': [400, 'Bad Request'],
  'too-large': [413, 'Content Too Large'],
  'origin-error': [522, 'Connection Timed Out'],
  quota: [429, 'Too Many Requests'],
}

const atTheEdge: ReadonlySet<ErrorKind> = new Set(['bad-gateway', 'gateway-timeout', 'origin-error'])

function errorAnswer(kind: ErrorKind, options: AnswerOptions, _: Recognised, context: RenderContext): Respond {
  const [usual, words] = statuses[kind]
  const status = options.status ?? usual
  const message = options.message ?? words
  switch (options.body ?? (atTheEdge.has(kind) ? 'html' : 'json')) {
    case 'json':
    case 'edge-json':
      return failure(status, message, options, context)
    case 'html':
      return respond(status, 'text/html', page(status, message), options, context)
    case 'text':
      return respond(status, 'text/plain; charset=utf-8', message, options, context)
    case 'empty':
      return respond(status, undefined, '', options, context)
  }
}

function failure(status: number, message: string, options: AnswerOptions, context: RenderContext): Respond {
  return respond(status, 'application/json', JSON.stringify({ error: { message } }), options, context)
}

function page(status: number, message: string): string {
  return `<html>\n<head><title>${status} ${message}</title></head>\n<body><h1>${status} ${message}</h1></body>\n</html>\n`
}

function respond(
  status: number,
  type: string | undefined,
  text: string,
  options: AnswerOptions,
  context: RenderContext,
): Respond {
  const afterMs = options.afterMs ?? errorMs('edge', context.draw('error-pace'))
  const headers = {
    ...(type === undefined ? { 'content-length': '0' } : contentHeaders(type, text)),
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  const chunks = text === '' ? [] : [{ afterMs: 0, data: text }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}
