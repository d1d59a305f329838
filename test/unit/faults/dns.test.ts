import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('the app catches a connection error with ENOTFOUND and the name of the host at its root', async () => {
  for (const seen of await bothWays('dns')) {
    expect(seen).toMatchObject({
      error: 'APIConnectionError < TypeError < Error ENOTFOUND',
      status: undefined,
      bytes: 0,
      attempt: { outcome: 'dns' },
    })
    expect(seen.thrown).toMatchObject({
      cause: { cause: { syscall: 'getaddrinfo', hostname: 'api.anthropic.com', errno: -3008 } },
    })
  }
})

test('it has no parameters', () => {
  expect(problemsOf('dns', { for: '1s' })).toEqual(['10: Unknown key "for" in the parameters of "dns".'])
})
