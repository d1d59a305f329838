import { Anthropic } from '@anthropic-ai/sdk'
import { defineIntegration } from '../model/integration.ts'

interface App {
  anthropic: Anthropic | undefined
  /** When the token that all users share runs out, ms since the epoch. */
  until: number
  /** A sign-in under way: one for all who wait for it. */
  signingIn?: Promise<Anthropic> | undefined
}

/** The shipped client for outages of the way in. It has no key: it asks for a token, and for the next one when that has run out, or is a quarter of an hour old. */
export default defineIntegration<App>({
  name: 'signs-in',
  start: () => ({ anthropic: undefined, until: 0 }),
  async perform(app, { prompt }) {
    const anthropic = app.anthropic && Date.now() < app.until ? app.anthropic : await signInOnce(app)
    const messages = [{ role: 'user' as const, content: prompt }]
    return anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 512, messages })
  },
})

function signInOnce(app: App): Promise<Anthropic> {
  app.signingIn ??= signIn(app).finally(() => {
    app.signingIn = undefined
  })
  return app.signingIn
}

async function signIn(app: App): Promise<Anthropic> {
  const response = await fetch('https://console.anthropic.com/v1/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'signed' }),
    signal: AbortSignal.timeout(20_000),
  })
  if (!response.ok) throw new Error(`signing in failed with ${response.status}: ${await response.text()}`)
  const granted: unknown = await response.json()
  const { access_token, expires_in } = granted as { access_token: string; expires_in: number } // RFC 6749 §5.1
  app.until = Date.now() + Math.min(expires_in, 900) * 1000
  app.anthropic = new Anthropic({ apiKey: null, authToken: access_token, timeout: 20_000, maxRetries: 1 })
  return app.anthropic
}
