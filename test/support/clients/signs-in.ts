import { Anthropic } from '@anthropic-ai/sdk'
import { defineIntegration } from '../../../src/index.ts'

interface App {
  readonly anthropic: Anthropic
  /** When the token that all users share runs out, ms since the epoch. */
  until: number
}

const tokenLifeMs = 10 * 60_000

/** Asks for a token before it asks the model, and again when that is ten minutes old. */
export default defineIntegration<App>({
  name: 'signs-in',
  start: () => ({ anthropic: new Anthropic({ timeout: 20_000, maxRetries: 1 }), until: 0 }),
  async perform(app, { prompt }) {
    if (Date.now() >= app.until) await signIn(app)
    const messages = [{ role: 'user' as const, content: prompt }]
    return app.anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 512, messages })
  },
})

async function signIn(app: App): Promise<void> {
  const response = await fetch('https://console.anthropic.com/v1/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'refresh_token' }),
    signal: AbortSignal.timeout(20_000),
  })
  await response.text()
  if (!response.ok) throw new Error(`signing in failed with ${response.status}`)
  app.until = Date.now() + tokenLifeMs
}
