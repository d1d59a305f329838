import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientEnv, type InstalledEnv, installEnv } from '../../../src/clients/env.ts'
import { clientFolders, clientNames } from '../../../src/clients/find-client.ts'
import { createStorage } from '../../../src/clients/storage.ts'
import type { TaskInput } from '../../../src/model/integration.ts'
import { providers } from '../../../src/providers/index.ts'
import { load, project } from './support.ts'

const requests: Record<string, unknown>[] = []
const server = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const body: Record<string, unknown> = JSON.parse(text)
  requests.push({ ...body, url: request.url, authorization: request.headers.authorization })
  if (body['stream'] === true) {
    response.setHeader('content-type', 'text/event-stream')
    for (const part of ['he', 'llo'])
      response.write(sse('content_block_delta', { delta: { type: 'text_delta', text: part } }))
    response.end(sse('message_stop', {}))
  } else {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ type: 'message', content: [{ type: 'text', text: 'hello' }] }))
  }
})

const sse = (type: string, rest: object) => `event: ${type}\ndata: ${JSON.stringify({ type, index: 0, ...rest })}\n\n`

let env: InstalledEnv
beforeEach(async () => {
  requests.length = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  env = installEnv(clientEnv(providers))
  process.env['ANTHROPIC_BASE_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  env.restore()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const task: TaskInput = {
  id: 't1',
  prompt: '[q:7] How?',
  question: '7',
  tenant: 'a',
  session: 's1',
  user: 'u1',
  stream: false,
  class: 'normal',
}
const { signal } = new AbortController()
const tell = () => {}
const report = { breaker: tell, cache: tell, queue: tell, tool: tell, retry: tell }

async function started() {
  const { integration } = await load(process.cwd(), 'bare-sdk')
  const app = await integration.start?.({ env: {}, storage: createStorage(), signal, instance: 0, report })
  return { integration, app }
}

test('the shipped client asks plainly and gives the message back', async () => {
  const { integration, app } = await started()

  expect(await integration.perform(app, task, { signal })).toMatchObject({ content: [{ text: 'hello' }] })
  expect(requests).toEqual([
    {
      url: '/v1/messages',
      authorization: `Bearer ${clientEnv(providers).set['ANTHROPIC_API_KEY']}`,
      model: 'claude-sonnet-5-5',
      max_tokens: 512,
      messages: [{ role: 'user', content: '[q:7] How?' }],
    },
  ])
})

test('the shipped client streams a task that streams', async () => {
  const { integration, app } = await started()

  const answer = integration.perform(app, { ...task, stream: true }, { signal })
  const parts: string[] = []
  for await (const part of answer as AsyncIterable<string>) parts.push(part)

  expect(parts).toEqual(['he', 'llo'])
  expect(requests).toMatchObject([{ stream: true, model: 'claude-sonnet-5-5' }])
})

test('the shipped client is found from anywhere, by its name alone', async () => {
  const cwd = project({ 'bare-sdk.ts': 'throw new Error("not this one")' })

  expect((await load(cwd, 'bare-sdk')).name).toBe('bare-sdk')
})

test('names of clients are those that ship and those of the folders', () => {
  const cwd = project({ 'fixtures/clients/sound.ts': '', 'fixtures/clients/bare-sdk.ts': '' })
  const folders = clientFolders(cwd)

  expect(folders[0]).toBe(join(cwd, 'fixtures', 'clients'))
  expect(clientNames(folders.slice(0, 1))).toEqual([
    'bare-sdk',
    'bare-openai',
    'bare-gemini',
    'bare-bedrock',
    'bare-vertex',
    'signs-in',
    'sound',
  ])
})
