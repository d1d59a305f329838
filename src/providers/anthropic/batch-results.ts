import { randomStream } from '../../lib/draw.ts'
import { shortHash } from '../hash.ts'
import { isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { type Batch, type BatchLine, lineEnd } from './batch.ts'
import type { ApiError } from './errors.ts'
import { missingFile } from './file-references.ts'
import { messageBody } from './message.ts'
import { readMessage } from './reading.ts'
import { invalid } from './reply.ts'
import { requestFault } from './rules.ts'
import { spoken } from './spoken.ts'

/** Why the API turns a line down once it comes to it: what lines hold is not looked at when a batch is taken. */
export function lineFault(params: unknown, version: string | undefined, context: RenderContext): ApiError | undefined {
  if (isRecord(params) && params['stream'] === true)
    return invalid('"stream=True" is not supported in the Message Batches API')
  const message = requestFault(params, version)
  return message === undefined ? missingFile(params, context.store, context.nowMs) : invalid(message)
}

/** The results as JSONL, in an order of their own, as the real ones are; the same at each look. */
export function resultsText(batch: Batch, context: RenderContext): string {
  const order = randomStream(batch.seed, 'order')
  return batch.lines
    .map((line, i) => ({ at: order(), text: resultLine(batch, line, i, context) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ text }) => `${text}\n`)
    .join('')
}

function resultLine(batch: Batch, line: BatchLine, i: number, context: RenderContext): string {
  return JSON.stringify({ custom_id: line.customId, result: resultOf(batch, line, i, context) })
}

function resultOf(batch: Batch, line: BatchLine, i: number, context: RenderContext): unknown {
  const end = lineEnd(batch, line)
  if (end !== 'done') return { type: end }
  if (line.fault === undefined) return { type: 'succeeded', message: messageOf(batch, line, i, context) }
  const { type, message } = line.fault
  const error = { details: { error_visibility: 'user_facing' }, type, message }
  return { type: 'errored', error: { type: 'error', error, request_id: null } }
}

function messageOf(batch: Batch, { params }: BatchLine, i: number, context: RenderContext): unknown {
  const fields = isRecord(params) ? params : {}
  const request: Recognised = {
    provider: 'anthropic',
    surface: 'api.messages',
    ...readMessage(fields),
    streaming: false,
    key: '',
    bodyHash: '',
    retryCount: undefined,
    json: fields,
  }
  const alone = { ...context, attemptId: shortHash(`${batch.id} ${i}`), toolsCalled: new Set<string>() }
  const { turn, blocks } = spoken(request, alone, 'good', randomStream(batch.seed, i), '')
  return messageBody(turn, blocks, alone.attemptId, '', 'batch')
}
