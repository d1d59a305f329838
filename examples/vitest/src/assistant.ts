import Anthropic from '@anthropic-ai/sdk'

export interface Answer {
  readonly text: string
  readonly from: 'live' | 'cache'
}

export interface AssistantOptions {
  /** Longest time for an answer, all tries together, ms. */
  readonly deadlineMs?: number
  readonly maxRetries?: number
}

/** Answers questions of customers; with an old answer, told as such, when the model cannot be asked. */
export class Assistant {
  private readonly anthropic: Anthropic
  private readonly answers = new Map<string, string>()
  private readonly deadlineMs: number

  constructor({ deadlineMs = 30_000, maxRetries = 1 }: AssistantOptions = {}) {
    this.deadlineMs = deadlineMs
    this.anthropic = new Anthropic({ maxRetries, timeout: Math.min(deadlineMs, 15_000) })
  }

  async answer(question: string): Promise<Answer> {
    try {
      const message = await this.anthropic.messages.create(
        { model: 'claude-sonnet-5-5', max_tokens: 512, messages: [{ role: 'user', content: question }] },
        { signal: AbortSignal.timeout(this.deadlineMs) },
      )
      const text = message.content.map(part => (part.type === 'text' ? part.text : '')).join('')
      // An outage may also answer with nothing, and status 200.
      if (message.stop_reason !== 'end_turn' || text === '') throw new Error('no whole answer')
      this.answers.set(question, text)
      return { text, from: 'live' }
    } catch (error) {
      const text = this.answers.get(question)
      if (text === undefined) throw error
      return { text, from: 'cache' }
    }
  }
}
