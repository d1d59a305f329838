import Anthropic from '@anthropic-ai/sdk'

/** Answers questions of customers; with an old answer, told as such, when the model cannot be asked. */
export function createAssistant() {
  const anthropic = new Anthropic({ maxRetries: 1, timeout: 15_000 })
  const answers = new Map()
  return {
    async answer(question) {
      try {
        const message = await anthropic.messages.create(
          { model: 'claude-sonnet-5-5', max_tokens: 512, messages: [{ role: 'user', content: question }] },
          { signal: AbortSignal.timeout(30_000) },
        )
        const text = message.content.map(part => part.text ?? '').join('')
        // An outage may also answer with nothing, and status 200.
        if (message.stop_reason !== 'end_turn' || text === '') throw new Error('no whole answer')
        answers.set(question, text)
        return { text, from: 'live' }
      } catch (error) {
        if (!answers.has(question)) throw error
        return { text: answers.get(question), from: 'cache' }
      }
    },
  }
}
