import Anthropic from '@anthropic-ai/sdk'
import OlderAnthropic from 'anthropic-sdk-0'
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { canary, nowMs } from './perform.ts'
import { hourMs, minuteMs, type SimulatedOptions, simulated } from './simulated-anthropic.ts'

const params = (id: string) => ({
  model: 'claude-haiku-4-5',
  max_tokens: 256,
  messages: [{ role: 'user' as const, content: `[q:${id}] Where is my parcel?` }],
})
const requests = (...ids: string[]) => ids.map(custom_id => ({ custom_id, params: params(custom_id) }))

const sdks = [
  ['the current SDK', Anthropic],
  ['an older SDK', OlderAnthropic as unknown as typeof Anthropic], // batches are the same in both
] as const

function connect(Client: typeof Anthropic = Anthropic, options: SimulatedOptions = {}) {
  const world = simulated(options)
  const client = new Client({ apiKey: canary, maxRetries: 0, logLevel: 'off', fetch: world.fetch })
  return { ...world, client }
}

async function resultsOf(client: Anthropic, id: string) {
  const lines: Anthropic.Messages.MessageBatchIndividualResponse[] = []
  for await (const line of await client.messages.batches.results(id)) lines.push(line)
  return lines
}

describe.each(sdks)('%s', (_, Client) => {
  test('a batch is in progress, then ends, and each line has a marked answer of its own', async () => {
    const { client, clock } = connect(Client)

    const created = await client.messages.batches.create({ requests: requests('a', 'b', 'c') })
    clock.nowMs += 30_000
    const early = await client.messages.batches.retrieve(created.id)
    clock.nowMs += hourMs
    const ended = await client.messages.batches.retrieve(created.id)
    const results = await resultsOf(client, created.id)

    expect(created).toMatchObject({
      id: expect.stringMatching(/^msgbatch_01/),
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 3, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: '2026-03-02T11:00:00.000000Z',
      expires_at: '2026-03-03T11:00:00.000000Z',
      ended_at: null,
      results_url: null,
    })
    expect(early).toEqual(created)
    expect(ended).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 3, errored: 0, canceled: 0, expired: 0 },
      results_url: `https://api.anthropic.com/v1/messages/batches/${created.id}/results`,
    })
    const tookMs = Date.parse(ended.ended_at ?? '') - nowMs
    expect(tookMs).toBeGreaterThan(minuteMs)
    expect(tookMs).toBeLessThan(hourMs)
    expect(results.map(({ custom_id }) => custom_id).toSorted()).toEqual(['a', 'b', 'c'])
    for (const { custom_id, result } of results) {
      expect(result).toMatchObject({ type: 'succeeded', message: { usage: { service_tier: 'batch' } } })
      const [block] = result.type === 'succeeded' ? result.message.content : []
      expect(block?.type === 'text' && block.text).toMatch(
        new RegExp(`^\\[q:${custom_id}\\] \\S.*\\[end:${custom_id}\\]$`, 's'),
      )
    }
  })

  test('batches are listed newest first, page by page', async () => {
    const { client } = connect(Client)
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      ids.unshift((await client.messages.batches.create({ requests: requests(name) })).id)

    const first = await client.messages.batches.list({ limit: 2 })
    const all: string[] = []
    for await (const batch of client.messages.batches.list({ limit: 2 })) all.push(batch.id)
    const before = await client.messages.batches.list({ limit: 2, before_id: ids[3] ?? '' })

    expect(first).toMatchObject({ has_more: true, first_id: ids[0], last_id: ids[1] })
    expect(all).toEqual(ids)
    expect(before.data.map(({ id }) => id)).toEqual([ids[1], ids[2]])
    await expect(client.messages.batches.list({ limit: 0 })).rejects.toMatchObject({ status: 400 })
  })

  test('a batch is cancelled, ends soon, and is deleted only then', async () => {
    const { client, clock } = connect(Client)
    const { id } = await client.messages.batches.create({ requests: requests('a', 'b', 'c') })
    clock.nowMs += 1_000

    await expect(client.messages.batches.delete(id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('In progress batches cannot be deleted'),
    })
    const cancelled = await client.messages.batches.cancel(id)
    clock.nowMs += minuteMs
    const ended = await client.messages.batches.retrieve(id)
    const results = await resultsOf(client, id)
    const deleted = await client.messages.batches.delete(id)

    expect(cancelled).toMatchObject({
      processing_status: 'canceling',
      cancel_initiated_at: '2026-03-02T11:00:01.000000Z',
      request_counts: { processing: 3 },
    })
    expect(ended).toMatchObject({ processing_status: 'ended', request_counts: { canceled: 3 } })
    expect(results.map(({ result }) => result)).toEqual(Array(3).fill({ type: 'canceled' }))
    expect(deleted).toEqual({ id, type: 'message_batch_deleted' })
    await expect(client.messages.batches.retrieve(id)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining(`Message Batch ${id} not found.`),
    })
  })

  test('an overloaded API takes no batch', async () => {
    const { client } = connect(Client, { effects: [{ type: 'answer', error: 'overloaded', options: {} }] })

    await expect(client.messages.batches.create({ requests: requests('a') })).rejects.toMatchObject({ status: 529 })
    expect((await client.messages.batches.list()).data).toEqual([])
  })
})

test('what is wrong with a line shows in its result, not when the batch is taken', async () => {
  const { client, clock } = connect()
  const { messages: _, ...noMessages } = params('b')
  const lines = [
    ...requests('good'),
    { custom_id: 'no-messages', params: noMessages },
    { custom_id: 'streams', params: { ...params('c'), stream: true } },
    { custom_id: 'no-file', params: withFile('file_011Cmissing') },
  ] as unknown as Anthropic.Messages.BatchCreateParams.Request[] // wrong on purpose

  const { id } = await client.messages.batches.create({ requests: lines })
  clock.nowMs += hourMs
  const { request_counts } = await client.messages.batches.retrieve(id)
  const results = await resultsOf(client, id)

  expect(request_counts).toMatchObject({ succeeded: 1, errored: 3 })
  const errors = results.flatMap(({ custom_id, result }) =>
    result.type === 'errored' ? [[custom_id, result.error.error.type, result.error.error.message]] : [],
  )
  expect(errors.toSorted()).toEqual([
    ['no-file', 'not_found_error', 'File not found: file_011Cmissing'],
    ['no-messages', 'invalid_request_error', 'messages: Field required'],
    ['streams', 'invalid_request_error', '"stream=True" is not supported in the Message Batches API'],
  ])
})

function withFile(file_id: string) {
  const document = { type: 'document' as const, source: { type: 'file' as const, file_id } }
  return { ...params('d'), messages: [{ role: 'user' as const, content: [document] }] }
}

test.each([
  ['no lines', [], 'requests: List should have at least 1 item after validation, not 0'],
  ['a name twice', requests('dup', 'dup'), "requests: custom_id's must be unique within a batch. Duplicate"],
  ['a name with a space', requests('a b'), "requests.0.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"],
  ['a long name', requests('a'.repeat(65)), 'requests.0.custom_id: String should have at most 64 characters'],
  ['too many lines', Array(100_001).fill({}), 'requests: List should have at most 100000 items'],
])('a batch with %s is refused at once', async (_, lines, message) => {
  const { client } = connect()

  await expect(client.messages.batches.create({ requests: lines })).rejects.toMatchObject({
    status: 400,
    type: 'invalid_request_error',
    message: expect.stringContaining(message),
  })
})

test('results are there only once the batch has ended, and are the same at each look', async () => {
  const { fetch, client, clock } = connect()
  const { id } = await client.messages.batches.create({ requests: requests('a', 'b', 'c', 'd') })
  const read = async () => {
    const response = await fetch(`https://api.anthropic.com/v1/messages/batches/${id}/results`, {
      headers: { 'x-api-key': canary },
    })
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }

  const early = await read()
  clock.nowMs += hourMs
  const late = await read()

  expect(early.status).toBe(404)
  expect(early.text).toContain(`Message Batch ${id} has no available results.`)
  expect(late).toMatchObject({ status: 200, type: 'application/x-jsonl' })
  expect(await read()).toEqual(late)
})

test('who polls is told when to come back', async () => {
  const { client, clock } = connect()
  const { id } = await client.messages.batches.create({ requests: requests('a') })

  const early = await client.messages.batches.retrieve(id).withResponse()
  clock.nowMs += hourMs
  const late = await client.messages.batches.retrieve(id).withResponse()

  expect(early.response.headers.get('retry-after')).toBe('10')
  expect(late.response.headers.get('retry-after')).toBeNull()
})

test('the work rests while the API is down, and what is not done within a day expires', async () => {
  const down = [{ startMs: nowMs + minuteMs, endMs: nowMs + 3 * hourMs }]
  const resting = connect(Anthropic, { down })
  const lost = connect(Anthropic, { down: [{ startMs: nowMs + 2 * minuteMs, endMs: nowMs + 40 * hourMs }] })
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`)

  const paused = await resting.client.messages.batches.create({ requests: requests(...names) })
  const late = await lost.client.messages.batches.create({ requests: requests(...names) })
  resting.clock.nowMs += 3 * hourMs
  lost.clock.nowMs += 24 * hourMs

  expect((await resting.client.messages.batches.retrieve(paused.id)).processing_status).toBe('in_progress')
  resting.clock.nowMs += hourMs
  expect(await resting.client.messages.batches.retrieve(paused.id)).toMatchObject({ request_counts: { succeeded: 40 } })
  const { processing_status, request_counts, ended_at, expires_at } = await lost.client.messages.batches.retrieve(
    late.id,
  )
  expect(processing_status).toBe('ended')
  expect(ended_at).toBe(expires_at)
  expect(request_counts.expired).toBeGreaterThan(0)
  expect(request_counts.succeeded + request_counts.expired).toBe(40)
  const results = await resultsOf(lost.client, late.id)
  expect(results.filter(({ result }) => result.type === 'expired')).toHaveLength(request_counts.expired)
})

test('a batch whose answer was lost is there all the same', async () => {
  const effects: Effect[] = [{ type: 'lose', at: 'headers' }]
  const { client } = connect(Anthropic, { effects })

  await expect(client.messages.batches.create({ requests: requests('a') })).rejects.toBeInstanceOf(
    Anthropic.APIConnectionError,
  )

  expect((await client.messages.batches.list()).data).toHaveLength(1)
})

test('how long a batch takes is a matter of the seed', async () => {
  const ended = async (seed: number) => {
    const { client, clock } = connect(Anthropic, { seed })
    const { id } = await client.messages.batches.create({ requests: requests('a') })
    clock.nowMs += 24 * hourMs
    return (await client.messages.batches.retrieve(id)).ended_at
  }

  expect(await ended(1)).toBe(await ended(1))
  expect(await ended(1)).not.toBe(await ended(2))
})

test('a client on this machine is led back to where it came from', async () => {
  const world = simulated()
  const client = new Anthropic({ apiKey: canary, baseURL: 'http://127.0.0.1:4010', fetch: world.fetch })
  const { id } = await client.messages.batches.create({ requests: requests('a') })
  world.clock.nowMs += hourMs

  expect((await client.messages.batches.retrieve(id)).results_url).toBe(
    `http://127.0.0.1:4010/v1/messages/batches/${id}/results`,
  )
})
