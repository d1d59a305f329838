import { generateKeyPairSync } from 'node:crypto'
import { JWT, UserRefreshClient } from 'google-auth-library'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { credentialName } from '../../../src/providers/credential.ts'
import { vertex } from '../../../src/providers/vertex/provider.ts'
import { wired } from './wired.ts'

/** Google's own library, its requests caught where it makes them. */
function login(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(vertex, effects)
  const transporterOptions = { fetchImplementation: fetch, retryConfig: { retry: 0, noResponseRetries: 0 } }
  const user = new UserRefreshClient({
    clientId: 'id',
    clientSecret: 'secret',
    refreshToken: vertex.canary,
    transporterOptions,
  })
  return { user, seen, transporterOptions }
}

test('a refresh token becomes a token that the run knows for its own, good for an hour', async () => {
  const { user, seen } = login()

  const { token, res } = await user.getAccessToken()

  expect(token).toMatch(/^ya29\.canary-blackstart-token\.[0-9a-f]+$/)
  expect(credentialName('vertex', token ?? undefined)).toBe('canary')
  expect(res?.data).toMatchObject({ token_type: 'Bearer' })
  expect((user.credentials.expiry_date ?? 0) - Date.now()).toSatisfy((ms: number) => ms > 3_590_000 && ms <= 3_599_000)
  expect(seen[0]?.recognised).toMatchObject({ surface: 'login', key: 'canary', streaming: false })
})

test('the assertion of a service account is taken, and is the same call however it is signed', async () => {
  const { transporterOptions, seen } = login()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const account = (subject: string) =>
    new JWT({ email: 'robot@p1.iam.gserviceaccount.com', key, subject, scopes: 'cloud-platform', transporterOptions })

  await account('one').authorize()
  await account('other').authorize()

  const [first, second] = seen.map(({ recognised }) => recognised)
  expect(first?.key).toMatch(/^[0-9a-f]{12}$/)
  expect(second).toMatchObject({ key: first?.key, bodyHash: first?.bodyHash })
})

const errors: [ErrorKind, number, string][] = [
  ['unauthorized', 401, 'invalid_client'],
  ['forbidden', 403, 'access_denied'],
  ['bad-request', 400, 'invalid_grant'],
  ['rate-limited', 429, 'rate_limit_exceeded'],
  ['overloaded', 503, 'internal_failure'],
  ['unavailable', 503, 'internal_failure'],
  ['internal-error', 500, 'internal_failure'],
  ['gateway-timeout', 504, 'internal_failure'],
]

test.each(errors)('%s is %i %s at the exchange of tokens', async (error, status, code) => {
  const { user } = login([{ type: 'answer', error, options: {} }])

  const thrown = await user.getAccessToken().catch((cause: unknown) => cause)

  expect(thrown).toMatchObject({ status, response: { data: { error: code } } })
})

test('a page of the front end is no token', async () => {
  const { user } = login([{ type: 'answer', error: 'bad-gateway', options: {} }])

  await expect(user.getAccessToken()).rejects.toMatchObject({ status: 502 })
})

test('an exchange without a grant is refused', async () => {
  const { fetch } = wired(vertex)

  const response = await fetch('https://oauth2.googleapis.com/token', { method: 'POST', body: '' })

  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })])
})
