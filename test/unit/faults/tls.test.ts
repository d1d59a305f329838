import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('the app catches a connection error: the socket closed before the handshake was done', async () => {
  for (const seen of await bothWays('tls')) {
    expect(seen).toMatchObject({
      error: 'APIConnectionError < TypeError < Error ECONNRESET',
      status: undefined,
      bytes: 0,
      attempt: { outcome: 'tls' },
    })
    expect(seen.thrown).toHaveProperty(
      'cause.cause.message',
      'Client network socket disconnected before secure TLS connection was established',
    )
  }
})

test('it has no parameters', () => {
  expect(problemsOf('tls', { for: '1s' })).toEqual(['10: Unknown key "for" in the parameters of "tls".'])
})
