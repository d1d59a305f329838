import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import { defineIntegration } from '../model/integration.ts'

const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'

/** The shipped client for Claude on Bedrock: the plain SDK with every default. */
export default defineIntegration<AnthropicBedrock>({
  name: 'bare-bedrock',
  assumes: { provider: 'bedrock' },
  start: () => new AnthropicBedrock(),
  perform: (bedrock, { prompt, stream }) => (stream ? streamed(bedrock, prompt) : whole(bedrock, prompt)),
})

function whole(bedrock: AnthropicBedrock, prompt: string) {
  return bedrock.messages.create({ model, max_tokens: 512, messages: [{ role: 'user', content: prompt }] })
}

async function* streamed(bedrock: AnthropicBedrock, prompt: string) {
  const events = await bedrock.messages.create({
    model,
    max_tokens: 512,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  })
  for await (const event of events)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
}
