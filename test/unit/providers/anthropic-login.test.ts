import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { contextOf, recognised } from './perform.ts'
import { hourMs, simulated } from './simulated-anthropic.ts'

const endpoint = 'https://console.anthropic.com/v1/oauth/token'
const question = {
  model: 'claude-opus-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: '[q:t1] Well?' }],
}

type World = ReturnType<typeof simulated>

async function grant(world: World, body: object, url = endpoint) {
  const headers = { 'content-type': 'application/json', 'anthropic-beta': 'oauth-2025-04-20' }
  const response = await world.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer: Record<string, string> = JSON.parse(await response.text())
  return { status: response.status, body: answer }
}

const refresh = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token, client_id: 'app' })

/** The SDK with one access token that it was given. */
function bearing(world: World, authToken: string) {
  return new Anthropic({ authToken, maxRetries: 0, logLevel: 'off', fetch: world.fetch })
}

test('a refresh token becomes an access token, which the API takes for an hour', async () => {
  const world = simulated()
  const { status, body } = await grant(world, refresh('sk-ant-ort01-mine'))
  const client = bearing(world, body['access_token'] ?? '')

  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_type: 'Bearer',
    access_token: expect.stringMatching(/^sk-ant-oat01-/),
    expires_in: 3_600,
    refresh_token: expect.stringMatching(/^sk-ant-ort01-/),
  })
  expect(await client.messages.create(question)).toMatchObject({ type: 'message' })
  world.clock.nowMs += hourMs
  await expect(client.messages.create(question)).rejects.toMatchObject({
    status: 401,
    type: 'authentication_error',
    message: expect.stringContaining('OAuth token has expired. Please obtain a new token'),
  })
})

test('a refresh token is good once, and the next one is with the answer', async () => {
  const world = simulated()
  const first = await grant(world, refresh('sk-ant-ort01-mine'))
  const second = await grant(world, refresh(first.body['refresh_token'] ?? ''))

  expect(second.status).toBe(200)
  expect(second.body['access_token']).not.toBe(first.body['access_token'] ?? '')
  expect(await grant(world, refresh('sk-ant-ort01-mine'))).toEqual({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'Refresh token not found or invalid' },
  })
})

test('a refresh whose answer is lost has spent the token all the same', async () => {
  const lost: Effect = { type: 'lose', at: 'headers' }
  const world = simulated({ effects: [lost] })

  await expect(grant(world, refresh('sk-ant-ort01-mine'))).rejects.toThrow('fetch failed')
  expect(await grant(world, refresh('sk-ant-ort01-mine'))).toMatchObject({ status: 400 })
})

test.each([
  ['https://platform.claude.com/v1/oauth/token', 'login'],
  ['https://api.anthropic.com/v1/oauth/token', 'login'],
  ['http://127.0.0.1:4010/v1/oauth/token', 'login'],
])('tokens are to be had at %s', async (url, surface) => {
  const world = simulated()

  expect((await grant(world, refresh('sk-ant-ort01-mine'), url)).status).toBe(200)
  expect(world.seen[0]?.recognised.surface).toBe(surface)
})

test.each([
  [{}, 'invalid_request'],
  [{ grant_type: 'password' }, 'unsupported_grant_type'],
  [{ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }, 'invalid_request'],
])('%j is no grant', async (body, error) => {
  expect(await grant(simulated(), body)).toMatchObject({ status: 400, body: { error } })
})

test('a machine that signs an assertion gets a token and no refresh token, and the SDK renews it in time', async () => {
  const world = simulated()
  let asked = 0
  const credentials = async () => {
    asked++
    const { body } = await grant(world, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'signed',
    })
    expect(body['refresh_token']).toBeUndefined()
    return { token: body['access_token'] ?? '', expiresAt: null }
  }
  const client = new Anthropic({ credentials, maxRetries: 1, logLevel: 'off', fetch: world.fetch })

  await client.messages.create(question)
  await client.messages.create(question)
  expect(asked).toBe(1)
  world.clock.nowMs += hourMs
  // The token has run out, which the SDK learns from a 401, and then it asks for another.
  expect(await client.messages.create(question)).toMatchObject({ type: 'message' })
  expect(asked).toBe(2)
})

test('login fails alone: tokens that are there go on working', async () => {
  const pass: Effect = { type: 'pass' }
  const down: Effect = { type: 'answer', error: 'internal-error', options: {} }
  const world = simulated({ effects: [pass, down] })
  const { body } = await grant(world, refresh('sk-ant-ort01-mine'))

  expect(await grant(world, refresh(body['refresh_token'] ?? ''))).toMatchObject({
    status: 500,
    body: { type: 'error', error: { type: 'api_error' } },
  })
  expect(await bearing(world, body['access_token'] ?? '').messages.create(question)).toMatchObject({ type: 'message' })
})

test('a token of another run is turned down, a key and a token of one’s own are not', async () => {
  const world = simulated()
  const { body } = await grant(simulated({ seed: 7 }), refresh('sk-ant-ort01-mine'))
  const status = (key: string) =>
    bearing(world, key)
      .messages.create(question)
      .then(
        () => 200,
        error => error.status,
      )

  expect(await status(`${body['access_token']}x`)).toBe(401)
  expect(await status('sk-ant-canary-blackstart')).toBe(200)
  expect(await status('sk-ant-oat01-of-my-own')).toBe(200)
})

test('a token counts as the run’s own key, and elsewhere as a leak of it', async () => {
  const world = simulated()
  const { body } = await grant(world, refresh('sk-ant-ort01-mine'))
  await bearing(world, body['access_token'] ?? '').messages.create(question)

  expect(world.seen[1]?.recognised.key).toBe('canary')
})

test('the page to sign in on is a page', () => {
  const request = recognised({
    method: 'GET',
    url: new URL('https://console.anthropic.com/login'),
    headers: {},
    body: '',
  })

  expect(anthropic.render({ type: 'pass' }, request, contextOf())).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
})
