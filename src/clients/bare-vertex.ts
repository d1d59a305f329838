import { AnthropicVertex } from '@anthropic-ai/vertex-sdk'
import { defineIntegration } from '../model/integration.ts'

const model = 'claude-sonnet-4-5@20250929'

/** The shipped client for Claude on Vertex: the plain SDK with every default. */
export default defineIntegration<AnthropicVertex>({
  name: 'bare-vertex',
  assumes: { provider: 'vertex' },
  start: () => new AnthropicVertex(),
  perform: (vertex, { prompt, stream }) => (stream ? streamed(vertex, prompt) : whole(vertex, prompt)),
})

function whole(vertex: AnthropicVertex, prompt: string) {
  return vertex.messages.create({ model, max_tokens: 512, messages: [{ role: 'user', content: prompt }] })
}

async function* streamed(vertex: AnthropicVertex, prompt: string) {
  const events = await vertex.messages.create({
    model,
    max_tokens: 512,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  })
  for await (const event of events)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
}
