import { expect, test } from 'vitest'
import { vertex } from '../../../src/providers/vertex/provider.ts'
import { contextOf, nowMs, perform } from './perform.ts'

const model =
  'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-5-5:rawPredict'
const question = {
  anthropic_version: 'vertex-2023-10-16',
  max_tokens: 64,
  messages: [{ role: 'user', content: '[q:t1] Well?' }],
}

/** Claude on Vertex, and Google's tokens, at any time of one run. */
function world(tokenLifetimeMs?: number) {
  const store = new Map<string, unknown>()
  return async (url: string, body: object, { token = '', atMs = 0, attemptId = 'a1' } = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const found = vertex.recognise({ method: 'POST', url: new URL(url), headers, body: JSON.stringify(body) })
    if (!found) throw new Error(`Not recognised: ${url}`)
    const context = contextOf({ store, attemptId, nowMs: nowMs + atMs })
    const script = vertex.render({ type: 'pass' }, found, {
      ...context,
      ...(tokenLifetimeMs !== undefined && { tokenLifetimeMs }),
    })
    const response = perform(script)
    return { key: found.key, status: response.status, body: JSON.parse(await response.text()) }
  }
}

const refresh = { grant_type: 'refresh_token', refresh_token: '1//mine', client_id: 'app' }

test.each([
  [undefined, 3_600_000, 3_599],
  [600_000, 600_000, 599],
])('a token is good as long as it is meant to be (%s), and then no more', async (lifetimeMs, goodMs, expiresIn) => {
  const send = world(lifetimeMs)

  const { body } = await send('https://oauth2.googleapis.com/token', refresh)
  const token = body.access_token

  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: expiresIn })
  expect(await send(model, question, { token, atMs: goodMs - 1 })).toMatchObject({ status: 200, key: 'canary' })
  expect(await send(model, question, { token, atMs: goodMs })).toMatchObject({
    status: 401,
    body: { error: { status: 'UNAUTHENTICATED', details: [{ reason: 'ACCESS_TOKEN_EXPIRED' }] } },
  })
})

test('each grant has a token of its own, and one that was never handed out is turned down', async () => {
  const send = world()
  const one = await send('https://oauth2.googleapis.com/token', refresh)
  const two = await send('https://oauth2.googleapis.com/token', refresh, { attemptId: 'a2' })

  expect(two.body.access_token).not.toBe(one.body.access_token)
  expect((await send(model, question, { token: `${one.body.access_token}0` })).status).toBe(401)
  expect((await send(model, question, { token: vertex.canary })).status).toBe(200)
})
