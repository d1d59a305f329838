import http2, { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { FetchHttpHandler } from '@smithy/fetch-http-handler'
import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, nothingWrong, outcomesOf, run } from '../run/support.ts'

const native = http2.connect

/** The answer's text over a connection of its own, and what the session and its stream went through. */
function ask(url: string): Promise<{ text: string; seen: readonly string[] }> {
  const seen: string[] = []
  return new Promise(resolve => {
    let text = ''
    const session = connect(url)
    for (const name of ['connect', 'goaway', 'close']) session.on(name, () => seen.push(`session ${name}`))
    session.on('error', (error: NodeJS.ErrnoException) => seen.push(`session ${error.code} ${error.message}`))
    session.on('close', () => resolve({ text, seen }))
    const stream = session.request({ ':path': '/' })
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    stream.on('error', (error: NodeJS.ErrnoException) => seen.push(`stream ${error.code}`))
    stream.on('close', () => session.close())
    stream.end()
  })
}

test('HTTP/2 to a host is refused like a closed port, and the run says why', async () => {
  const ways = new Set<string>()
  const port = 1
  const { seen: closed } = await ask(`http://127.0.0.1:${port}`)

  const result = await run(
    {
      name: 'http2',
      perform: async () => {
        const { seen } = await ask('https://api.anthropic.com')
        ways.add(seen.join(', '))
        throw new Error('refused')
      },
    },
    { scenario: nothingWrong },
  )

  const expected = closed.join(', ').replace('127.0.0.1:1', 'api.anthropic.com:443')
  expect([...ways]).toEqual([expected])
  expect(expected).toContain('session ECONNREFUSED connect ECONNREFUSED api.anthropic.com:443')
  expect(result.notices).toEqual([expect.stringMatching(/^api\.anthropic\.com .*HTTP\/2.*refused.*HTTP\/1\.1/)])
  expect(eventsOf(result, 'note')).toEqual([expect.objectContaining({ kind: 'host-refused', says: result.notices[0] })])
  expect(result).toMatchObject({ exitCode: 3, realIo: false })
  expect([http2.connect, connect]).toEqual([native, native])
})

test('HTTP/2 on this machine is refused too, and reached again afterwards', async () => {
  const server = createServer().on('stream', stream => stream.end('hello'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listens on a port
  const url = `http://127.0.0.1:${port}`

  const result = await run(
    { name: 'h2-loopback', perform: async () => (await ask(url)).text },
    { scenario: nothingWrong },
  )
  const after = await ask(url)
  server.close()

  expect(result.notices).toEqual([expect.stringMatching(/^127\.0\.0\.1 .*HTTP\/2/)])
  expect(after.text).toBe('hello')
})

test("Amazon's own client speaks HTTP/2 and is told so; over HTTP/1.1 it reaches Bedrock", async () => {
  const answered = async (bedrock: BedrockRuntimeClient, prompt: string) => {
    const command = new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      messages: [{ role: 'user', content: [{ text: prompt }] }],
    })
    return (await bedrock.send(command)).output?.message?.content?.[0]?.text
  }
  const options = { scenario: nothingWrong, users: 1, thinkMs: 60_000 }

  const stock = await run(
    defineIntegration({
      name: 'aws',
      start: () => new BedrockRuntimeClient(),
      perform: (bedrock, { prompt }) => answered(bedrock, prompt),
    }),
    options,
  )
  const overHttp1 = await run(
    defineIntegration({
      name: 'aws-http1',
      start: () => new BedrockRuntimeClient({ requestHandler: new FetchHttpHandler() }),
      perform: (bedrock, { prompt }) => answered(bedrock, prompt),
    }),
    options,
  )

  expect(stock.notices).toContainEqual(expect.stringMatching(/^bedrock-runtime\.us-east-1\.amazonaws\.com .*HTTP\/2/))
  expect(outcomesOf(stock)).toEqual({ failed: expect.any(Number) })
  expect(outcomesOf(overHttp1)).toEqual({ ok: expect.any(Number) })
  expect(new Set(eventsOf(overHttp1, 'attempt-started').map(({ surface }) => surface))).toEqual(
    new Set(['api.converse']),
  )
})
