import Anthropic from '@anthropic-ai/sdk'

/** A small app, as a user has one: it asks, and says so when it cannot answer. */
export function createAssistant({ maxRetries = 1 } = {}) {
  const anthropic = new Anthropic({ maxRetries, timeout: 20_000 })
  const cache = new Map<string, string>()
  return {
    async answer(question: string) {
      const messages = [{ role: 'user' as const, content: question }]
      const signal = AbortSignal.timeout(45_000)
      try {
        const { content } = await anthropic.messages.create(
          { model: 'claude-sonnet-5-5', max_tokens: 64, messages },
          { signal },
        )
        const text = content.map(part => (part.type === 'text' ? part.text : '')).join('')
        cache.set(question, text)
        return { from: 'live' as const, text }
      } catch (error) {
        const text = cache.get(question)
        if (text === undefined) throw error
        return { from: 'cache' as const, text }
      }
    },
  }
}
