import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import Anthropic, { toFile } from '@anthropic-ai/sdk'
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk'
import { GoogleGenAI } from '@google/genai'
import { OAuth2Client } from 'google-auth-library'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { OpenAI } from 'openai'
import { afterEach, expect, test } from 'vitest'
import { outageHandlers } from '../../../src/index.ts'

const marked = /^\[q:q1\] .*\[end:q1\]$/s
const prompt = '[q:q1] Hello?'
const quiet = { maxRetries: 0, logLevel: 'off' } as const
const messages = [{ role: 'user' as const, content: prompt }]

let close = () => {}
afterEach(() => {
  close()
  close = () => {}
})

/** A server with handlers of one's own, before and after those of an outage of `provider`. */
function serve(provider: string, fault: string, surface = 'api') {
  const outage = outageHandlers(
    `blackstart: 1\nid: own-server\nprovider: ${provider}\nphases:\n  - { name: down, for: 10m, faults: [{ surface: ${surface}, fault: ${fault} }] }\n`,
  )
  const server = setupServer(
    http.post('https://shop.example/v1/messages', async ({ request }) =>
      HttpResponse.json({ heard: await request.json() }),
    ),
    ...outage,
    http.all('https://shop.example/*', async ({ request }) => HttpResponse.json({ rest: await request.text() })),
  )
  server.listen({ onUnhandledFrame: 'error' })
  close = () => server.close()
  return outage
}

async function collect(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

async function* deltas(events: AsyncIterable<{ type: string; delta?: unknown }>) {
  for await (const { type, delta } of events)
    if (type === 'content_block_delta') yield (delta as { text?: string }).text ?? ''
}

const vertexAuth = () => {
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: 'ya29.mine', expiry_date: 8_640_000_000_000_000 })
  return auth
}
const claude = (model: string) => ({ model, max_tokens: 128, messages })

/** A question to each, streamed, with the client's own defaults but for retries. */
const asked: Readonly<Record<string, () => Promise<string>>> = {
  openai: async () => {
    const openai = new OpenAI({ apiKey: 'sk-mine', ...quiet })
    return collect(
      (async function* () {
        for await (const event of await openai.responses.create({ model: 'gpt-5.4-mini', input: prompt, stream: true }))
          if (event.type === 'response.output_text.delta') yield event.delta
      })(),
    )
  },
  gemini: async () => {
    const gemini = new GoogleGenAI({ apiKey: 'AIza-mine' })
    return collect(
      (async function* () {
        for await (const { text } of await gemini.models.generateContentStream({
          model: 'gemini-2.5-flash',
          contents: prompt,
        }))
          yield text ?? ''
      })(),
    )
  },
  bedrock: async () => {
    const keys = { awsAccessKey: 'AKIAMINE', awsSecretKey: 'mine', awsRegion: 'us-east-1' }
    const bedrock = new AnthropicBedrock({ ...keys, ...quiet })
    const request = claude('us.anthropic.claude-sonnet-4-5-20250929-v1:0')
    return collect(deltas(await bedrock.messages.create({ ...request, stream: true })))
  },
  vertex: async () => {
    const options = { region: 'us-east5', projectId: 'mine', authClient: vertexAuth(), ...quiet }
    const vertex = new AnthropicVertex(options)
    return collect(deltas(await vertex.messages.create({ ...claude('claude-sonnet-4-5@20250929'), stream: true })))
  },
}

test.each(Object.keys(asked))(
  "%s answers, fails and is cut short beside handlers of one's own, which keep their requests",
  async provider => {
    const ask = asked[provider] ?? (async () => '')
    const overloaded = serve(provider, 'overloaded')

    expect(await ask()).toMatch(marked)
    overloaded.start()
    await expect(ask()).rejects.toMatchObject({ status: provider === 'vertex' ? 529 : 503 })
    const own = await fetch('https://shop.example/v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [] }),
    })
    expect(await own.json()).toEqual({ heard: { model: 'm', messages: [] } })
    const rest = await fetch('https://shop.example/tools', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    expect(await rest.json()).toEqual({ rest: '{"a":1}' })
    overloaded.stop()
    expect(await ask()).toMatch(marked)
    close()

    const cut = serve(provider, '{ stream-cut: { after: 2 events } }')
    cut.start()
    const outcome = await ask().then(
      text => ({ text }),
      (error: Error) => ({ error }),
    )
    expect(outcome).not.toMatchObject({ text: expect.stringMatching(marked) })
    const attempts = cut.journal.flatMap(event => (event.type === 'attempt-started' ? [event] : []))
    expect(attempts.map(attempt => `${attempt.provider} ${attempt.effect}`)).toEqual([`${provider} cut`])
    expect(JSON.stringify(cut.journal)).not.toMatch(/mine/i)
  },
)

test('a file keeps its size on its way through sockets', async () => {
  serve('anthropic', 'overloaded')
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)

  const file = await new Anthropic({ apiKey: 'k', ...quiet }).files.upload({
    file: await toFile(bytes, 'raw.bin', { type: 'application/octet-stream' }),
  })

  expect(file.size_bytes).toBe(300)
})
