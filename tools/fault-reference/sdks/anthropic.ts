import { Anthropic } from '@anthropic-ai/sdk'
import { retries, type Sdk } from '../sdk.ts'

export const anthropicSdk: Sdk = {
  name: 'Anthropic SDK',
  provider: 'anthropic',
  whole: 'messages.create()',
  streamed: 'for await (… of messages.create({ stream: true }))',
  packages: ['@anthropic-ai/sdk'],
  async call({ prompt, headers }, how, got) {
    const client = new Anthropic({ ...retries(how), logLevel: 'off', defaultHeaders: headers })
    const body = {
      model: 'claude-sonnet-5-5',
      max_tokens: 512,
      messages: [{ role: 'user' as const, content: prompt }],
    }
    if (!how.stream) {
      // Not always what its type says.
      const message: Partial<Anthropic.Message> | string | undefined = await client.messages.create(body)
      if (typeof message === 'string') got.text = message
      else if (message?.content) {
        got.text = message.content.map(block => (block.type === 'text' ? block.text : '')).join('')
        got.finish = message.stop_reason ?? undefined
      }
      return
    }
    got.text = ''
    for await (const event of await client.messages.create({ ...body, stream: true })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') got.text += event.delta.text
      if (event.type === 'message_delta') got.finish = event.delta.stop_reason ?? undefined
    }
  },
}
