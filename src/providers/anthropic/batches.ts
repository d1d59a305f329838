import { randomStream } from '../../lib/draw.ts'
import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { kept, type Store } from '../store.ts'
import { type Batch, type BatchLine, doneInstants, endsMs, expiresMs, lineEnd } from './batch.ts'
import { lineFault, resultsText } from './batch-results.ts'
import { instant } from './instant.ts'
import { page, pageFault } from './paging.ts'
import { invalid, jsonReply, notFound, type Reply } from './reply.ts'

/** `/v1/messages/batches` and all below it. */
export function batchesReply(request: Recognised, context: RenderContext): Reply {
  const [, method, id, deed] =
    /^(\w+) .*\/batches(?:\/([^/]+))?(?:\/(cancel|results))?\/*$/.exec(request.route ?? '') ?? []
  const batches = batchesIn(context.store)
  if (id === undefined) {
    if (method === 'POST') return create(request, context, batches)
    return method === 'GET' ? list(request, context, batches) : notFound()
  }
  const batch = batches.get(id)
  if (batch === undefined) return notFound(`Message Batch ${id} not found.`)
  switch (`${method} ${deed ?? ''}`) {
    case 'GET ':
      return jsonReply(view(batch, request, context), isOver(batch, context) ? {} : { 'retry-after': '10' })
    case 'GET results':
      if (!isOver(batch, context)) return notFound(`Message Batch ${id} has no available results.`)
      return { contentType: 'application/x-jsonl', text: resultsText(batch, context) }
    case 'POST cancel':
      if (isOver(batch, context)) return invalid(`Message Batch ${id} has already ended and cannot be canceled.`)
      batch.cancelledMs ??= context.nowMs
      return jsonReply(view(batch, request, context))
    case 'DELETE ':
      if (!isOver(batch, context))
        return invalid('In progress batches cannot be deleted. Consider canceling the batch instead.')
      batches.delete(id)
      return jsonReply({ id, type: 'message_batch_deleted' })
    default:
      return notFound()
  }
}

function batchesIn(store: Store): Map<string, Batch> {
  return kept(store, 'batches', () => new Map<string, Batch>())
}

function isOver(batch: Batch, { nowMs }: RenderContext): boolean {
  return nowMs >= endsMs(batch)
}

/** The most lines that one batch may have. */
const mostLines = 100_000

function create(request: Recognised, context: RenderContext, batches: Map<string, Batch>): Reply {
  if (!isRecord(request.json)) return invalid('The request body is not valid JSON')
  const requests = request.json['requests']
  const fault = createFault(requests)
  if (fault !== undefined) return invalid(fault)
  const seed = Math.floor(context.draw('batch') * 2 ** 52)
  const random = randomStream(seed, 'pace')
  const down = ['api.messages', 'api.batches'].flatMap(surface => context.down?.(surface) ?? [])
  const lines = asArray(requests).filter(isRecord)
  const inOrder = down.toSorted((a, b) => a.startMs - b.startMs)
  const { nowMs, speed = 1 } = context
  const instants = doneInstants(lines.length, { random, nowMs, speed, down: inOrder })
  const batch: Batch = {
    id: `msgbatch_01${shortHash(`${context.attemptId} batch`, 22)}`,
    createdMs: nowMs,
    seed,
    lines: lines.map(({ custom_id, params }, i): BatchLine => {
      const fault = lineFault(params, request.apiVersion, context)
      return { customId: asText(custom_id) ?? '', params, doneMs: instants[i] ?? 0, ...(fault && { fault }) }
    }),
    cancelTakesMs: (15_000 + Math.round(random() * 20_000)) / speed,
  }
  batches.set(batch.id, batch)
  return jsonReply(view(batch, request, context))
}

/** Only the names of the lines are looked at when a batch is taken. */
function createFault(requests: unknown): string | undefined {
  if (requests === undefined) return 'requests: Field required'
  if (!Array.isArray(requests)) return 'requests: Input should be a valid list'
  if (requests.length === 0) return 'requests: List should have at least 1 item after validation, not 0'
  if (requests.length > mostLines)
    return `requests: List should have at most ${mostLines} items after validation, not ${requests.length}`
  const seen = new Set<string>()
  for (const [i, line] of requests.entries()) {
    if (!isRecord(line)) return `requests.${i}: Input should be a valid dictionary`
    const id = line['custom_id']
    if (id === undefined) return `requests.${i}.custom_id: Field required`
    if (typeof id !== 'string') return `requests.${i}.custom_id: Input should be a valid string`
    if (id.length > 64) return `requests.${i}.custom_id: String should have at most 64 characters`
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(id))
      return `requests.${i}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`
    if (line['params'] === undefined) return `requests.${i}.params: Field required`
    if (seen.has(id)) return `requests: custom_id's must be unique within a batch. Duplicate custom_id found: ${id}`
    seen.add(id)
  }
  return undefined
}

/** Newest first. */
function list(request: Recognised, context: RenderContext, batches: Map<string, Batch>): Reply {
  const fault = pageFault(request.query)
  if (fault !== undefined) return fault
  const { data, ...rest } = page([...batches.values()].reverse(), request.query)
  return jsonReply({ data: data.map(batch => view(batch, request, context)), ...rest })
}

/** A batch as the API shows it now: until all of it has ended, every line counts as in process. */
function view(batch: Batch, { origin = 'https://api.anthropic.com' }: Recognised, context: RenderContext) {
  const over = isOver(batch, context)
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 }
  if (!over) counts.processing = batch.lines.length
  else
    for (const line of batch.lines) {
      const end = lineEnd(batch, line)
      counts[end !== 'done' ? end : line.fault === undefined ? 'succeeded' : 'errored']++
    }
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: over ? 'ended' : batch.cancelledMs === undefined ? 'in_progress' : 'canceling',
    request_counts: counts,
    ended_at: over ? instant(endsMs(batch)) : null,
    created_at: instant(batch.createdMs),
    expires_at: instant(expiresMs(batch)),
    archived_at: null,
    cancel_initiated_at: batch.cancelledMs === undefined ? null : instant(batch.cancelledMs),
    results_url: over ? `${origin}/v1/messages/batches/${batch.id}/results` : null,
  }
}
