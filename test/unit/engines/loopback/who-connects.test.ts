import { once } from 'node:events'
import { connect } from 'node:http2'
import { expect, test } from 'vitest'
import { canaryKeys } from '../../../../src/providers/canary.ts'
import { Loopback } from './support.ts'

const healthy = '  - { name: quiet, for: 10m }\n'

test('a server on all addresses tells one that this machine can reach', async () => {
  await using loopback = await Loopback.open(healthy, { server: { host: '0.0.0.0', canaryOnly: true } })

  expect(loopback.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(loopback.server.doors.map(({ at }) => at.split(':')[0])).toContain('127.0.0.1')
})

test('on an address that others can reach a canary key is answered, and a real one turned away without a trace', async () => {
  await using loopback = await Loopback.open(healthy, { server: { host: '0.0.0.0', canaryOnly: true } })
  const ask = (key: string) =>
    fetch(`${loopback.server.url}/anthropic/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm-1', max_tokens: 8, messages: [{ role: 'user', content: 'Hello' }] }),
    })

  const real = await ask('sk-ant-real-key-of-somebody')
  const canary = await ask(`${canaryKeys['anthropic']}`)

  expect([real.status, canary.status]).toEqual([403, 200])
  expect(await real.text()).toContain('canary keys only')
  expect(loopback.journal.events.filter(({ type }) => type === 'attempt-started')).toHaveLength(1)
})

test('a client that speaks HTTP/2 is turned away, and whoever watches hears why', async () => {
  const notices: string[] = []
  await using loopback = await Loopback.open(healthy, { server: { onNotice: says => notices.push(says) } })
  const session = connect(loopback.server.url)
  const failed = once(session, 'error')
  session.request({ ':path': '/anthropic/v1/models' }).on('error', () => {})

  await failed
  session.destroy()

  expect(notices).toEqual([expect.stringContaining('Give it a handler for HTTP/1.1')])
})
