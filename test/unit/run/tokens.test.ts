import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { type Integration, runScenario } from '../../../src/index.ts'
import { eventsOf } from './support.ts'

/** An app whose SDK gets its tokens from the console, and a new one whenever the old one has run out. */
const signsIn: Integration<Anthropic> = {
  name: 'signs-in',
  start() {
    let refresh = 'sk-ant-ort01-of-the-app'
    const credentials = async () => {
      const response = await fetch('https://platform.claude.com/v1/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-beta': 'oauth-2025-04-20' },
        body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: refresh, client_id: 'app' }),
      })
      if (!response.ok) throw new Error(`No token: ${response.status}`)
      const { access_token, refresh_token, expires_in } = JSON.parse(await response.text())
      refresh = refresh_token
      return { token: access_token, expiresAt: Date.now() / 1_000 + expires_in }
    }
    return new Anthropic({ apiKey: null, credentials, maxRetries: 0, logLevel: 'off' })
  },
  perform: (anthropic, { prompt }) =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 128,
      messages: [{ role: 'user', content: prompt }],
    }),
}

const scenario = `
blackstart: 1
id: tokens-run-out
tokens: { lifetime: 5m }
phases:
  - { name: login-down, for: 10m, faults: [{ surface: login, fault: unavailable }] }
  - { name: clear, for: 5m }
`

test('with login down the app works until its token runs out, and again once login is back', async () => {
  const result = await runScenario({ scenario, integration: signsIn, users: 3, thinkMs: 10_000 })

  const settled = eventsOf(result, 'task-settled')
  const share = (fromMs: number, untilMs: number) => {
    const within = settled.filter(({ t }) => t >= fromMs && t < untilMs)
    return within.filter(({ outcome }) => outcome === 'ok').length / within.length
  }
  // Signed in when the warm-up began, two minutes before the first phase: good until three minutes into it.
  expect(share(0, 150_000)).toBe(1)
  expect(share(200_000, 590_000)).toBe(0)
  expect(share(660_000, 900_000)).toBe(1)
  const surfaces = new Set(eventsOf(result, 'attempt-started').map(({ surface, key }) => `${surface} ${key}`))
  expect([...surfaces].filter(name => name.startsWith('api'))).toEqual(['api.messages canary'])
})

test('a client that does not renew its token is told so, in the words of the API', async () => {
  const told = new Set<string>()
  const careless: Integration<{ token: string }> = {
    name: 'careless',
    async start() {
      const response = await fetch('https://console.anthropic.com/v1/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'sk-ant-ort01-x' }),
      })
      return { token: JSON.parse(await response.text()).access_token }
    },
    async perform({ token }, { prompt }) {
      const anthropic = new Anthropic({ apiKey: null, authToken: token, maxRetries: 0, logLevel: 'off' })
      const messages = [{ role: 'user' as const, content: prompt }]
      try {
        return await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 128, messages })
      } catch (error) {
        if (error instanceof Anthropic.AuthenticationError) told.add(error.apiMessage ?? '')
        throw error
      }
    },
  }
  const result = await runScenario({ scenario, integration: careless, users: 1, thinkMs: 20_000 })

  expect(eventsOf(result, 'attempt-headers').map(({ status }) => status)).toContain(401)
  expect([...told]).toEqual(['OAuth token has expired. Please obtain a new token or refresh your existing token.'])
})
