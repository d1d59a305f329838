import Anthropic from '@anthropic-ai/sdk'

/** Built with what the environment and the globals are while this module is imported. */
const anthropic = new Anthropic({ maxRetries: 0 })

export default {
  name: 'import-time',
  perform: (_: unknown, { prompt }: { prompt: string }) =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: prompt }],
    }),
}
