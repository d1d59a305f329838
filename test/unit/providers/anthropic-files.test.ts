import Anthropic, { toFile } from '@anthropic-ai/sdk'
import OlderAnthropic from 'anthropic-sdk-0'
import { expect, test } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { canary } from './perform.ts'
import { hourMs, simulated } from './simulated-anthropic.ts'

function connect(effects: readonly Effect[] = []) {
  const world = simulated({ effects })
  const options = { apiKey: canary, maxRetries: 0, logLevel: 'off' as const, fetch: world.fetch }
  return { ...world, client: new Anthropic(options), older: new OlderAnthropic(options) }
}

const pdf = () => toFile(Buffer.from('%PDF-1.7 crème'), 'report.pdf', { type: 'application/pdf' })
const about = (file_id: string) => ({
  model: 'claude-opus-5-5',
  max_tokens: 256,
  messages: [
    {
      role: 'user' as const,
      content: [
        { type: 'document' as const, source: { type: 'file' as const, file_id } },
        { type: 'text' as const, text: '[q:t1] What does it say?' },
      ],
    },
  ],
})

test('a file is uploaded, looked at, used in a message, and gone once deleted', async () => {
  const { client } = connect()

  const file = await client.files.upload({ file: await pdf() })
  const again = await client.files.retrieveMetadata(file.id)
  const message = await client.messages.create(about(file.id))
  const deleted = await client.files.delete(file.id)

  expect(file).toEqual({
    id: expect.stringMatching(/^file_011C/),
    type: 'file',
    filename: 'report.pdf',
    mime_type: 'application/pdf',
    size_bytes: Buffer.byteLength('%PDF-1.7 crème'),
    created_at: '2026-03-02T11:00:00.000000Z',
    downloadable: false,
  })
  expect(again).toEqual(file)
  expect(message.content).toMatchObject([{ type: 'text', text: expect.stringMatching(/^\[q:t1\] .*\[end:t1\]$/s) }])
  expect(deleted).toEqual({ id: file.id, type: 'file_deleted' })
  for (const act of [client.files.retrieveMetadata(file.id), client.messages.create(about(file.id))])
    await expect(act).rejects.toMatchObject({
      status: 404,
      type: 'not_found_error',
      message: expect.stringContaining(`File not found: ${file.id}`),
    })
})

test('bytes that are no text are counted as they are', async () => {
  const { client } = connect()
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)

  const file = await client.files.upload({ file: await toFile(bytes, 'noise.bin') })

  expect(file.size_bytes).toBe(300)
})

test('files are listed newest first: by cursor, by neighbour with an older SDK, and by name', async () => {
  const { client, older } = connect()
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    ids.unshift((await client.files.upload({ file: await toFile(Buffer.from(name), `${name}.txt`) })).id)

  const now: string[] = []
  for await (const { id } of client.files.list({ limit: 2 })) now.push(id)
  const before: string[] = []
  for await (const { id } of older.beta.files.list({ limit: 2 })) before.push(id)
  const named = await client.files.list({ ids: [ids[4] ?? '', 'file_unknown'] })

  expect(now).toEqual(ids)
  expect(before).toEqual(ids)
  expect(named.data.map(({ id }) => id)).toEqual([ids[4]])
})

test('what was uploaded cannot be downloaded', async () => {
  const { client, older } = connect()
  const { id } = await client.files.upload({ file: await pdf() })

  await expect(client.files.download(id)).rejects.toBeInstanceOf(Anthropic.Files.FileNotDownloadableError)
  await expect(older.beta.files.download(id)).rejects.toMatchObject({ status: 400 })
  await expect(client.files.download('file_unknown')).rejects.toMatchObject({ status: 404 })
})

test('a file with a lifetime is gone for messages and downloads when that is over', async () => {
  const { client, clock } = connect()
  const file = await client.files.upload({ file: await pdf(), expires_in_seconds: 3_600 })

  expect(file.expires_at).toBe('2026-03-02T12:00:00.000000Z')
  expect(await client.messages.create(about(file.id))).toMatchObject({ type: 'message' })
  clock.nowMs += hourMs
  await expect(client.messages.create(about(file.id))).rejects.toMatchObject({ status: 404 })
  await expect(client.files.download(file.id)).rejects.toBeInstanceOf(Anthropic.Files.FileExpiredError)
})

test('an upload without a file, or with a name that cannot be, is refused', async () => {
  const { client, older, fetch } = connect()
  const headers = { 'x-api-key': canary, 'anthropic-version': '2023-06-01' }
  const form = new FormData()
  form.set('expires_in_seconds', '3600')

  const without = await fetch('https://api.anthropic.com/v1/files', { method: 'POST', headers, body: form })
  expect(without.status).toBe(400)
  expect(await without.text()).toContain('file: Field required')
  await expect(older.beta.files.upload({ file: await toFile(Buffer.from('a'), 'a*b.txt') })).rejects.toMatchObject({
    status: 400,
  })
  await expect(client.files.upload({ file: await pdf(), expires_in_seconds: 10 })).rejects.toMatchObject({
    status: 400,
  })
})

test('a retried upload is the same call, whatever its boundary', async () => {
  const { client, seen } = connect([{ type: 'answer', error: 'overloaded', options: {} }])

  await expect(client.files.upload({ file: await pdf() })).rejects.toMatchObject({ status: 529 })
  await client.files.upload({ file: await pdf() })
  await client.files.upload({ file: await toFile(Buffer.from('another'), 'report.pdf') })

  const hashes = seen.map(({ recognised }) => recognised.bodyHash)
  expect(hashes[1]).toBe(hashes[0])
  expect(hashes[2]).not.toBe(hashes[0])
})

test('an older SDK uploads through the beta of the same endpoint', async () => {
  const { older } = connect()

  const file = await older.beta.files.upload({ file: await pdf() })
  const deleted = await older.beta.files.delete(file.id)

  expect(file).toMatchObject({ filename: 'report.pdf', mime_type: 'application/pdf' })
  expect(deleted).toEqual({ id: file.id, type: 'file_deleted' })
  await expect(older.beta.files.retrieveMetadata(file.id)).rejects.toMatchObject({ status: 404 })
})
