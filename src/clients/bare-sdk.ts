import { Anthropic } from '@anthropic-ai/sdk'
import { defineIntegration } from '../model/integration.ts'

const model = 'claude-sonnet-5-5'

/** The shipped client: the plain SDK with every default, as a first draft would use it. It shows what the SDK does by itself. */
export default defineIntegration<Anthropic>({
  name: 'bare-sdk',
  start: () => new Anthropic(),
  perform: (anthropic, { prompt, stream }) => (stream ? streamed(anthropic, prompt) : whole(anthropic, prompt)),
})

function whole(anthropic: Anthropic, prompt: string) {
  return anthropic.messages.create({ model, max_tokens: 512, messages: [{ role: 'user', content: prompt }] })
}

async function* streamed(anthropic: Anthropic, prompt: string) {
  const events = await anthropic.messages.create({
    model,
    max_tokens: 512,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  })
  for await (const event of events)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
}
