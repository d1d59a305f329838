import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { injectWebhook } from '../../../../src/cli/gameday/inject-webhook.ts'
import { killSwitchProblem } from '../../../../src/cli/gameday/kill-switch.ts'
import { openControlServer } from '../../../../src/drill/control/server.ts'
import { FakeDrill } from '../../../support/fake-drill.ts'

async function receiver(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/injects`,
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

test('an inject arrives as JSON', async () => {
  const got: string[] = []
  await using there = await receiver((request, response) => {
    request.setEncoding('utf8').on('data', part => got.push(part))
    request.on('end', () => response.writeHead(204).end())
    got.push(`${request.method} ${request.headers['content-type']} `)
  })

  const failed = await injectWebhook(there.url).send({ type: 'inject', text: 'It hangs' })

  expect(failed).toBeUndefined()
  expect(got.join('')).toBe('POST application/json {"type":"inject","text":"It hangs"}')
})

test('what was not taken is told, and no redirect leads elsewhere', async () => {
  let elsewhere = 0
  await using other = await receiver((_, response) => {
    elsewhere++
    response.end()
  })
  await using there = await receiver((request, response) => {
    request.resume()
    response.writeHead(307, { location: other.url }).end()
  })

  expect(await injectWebhook(there.url).send({})).toBe(`${there.host} answered with 307`)
  expect(elsewhere).toBe(0)
  const { url, host } = there
  await there[Symbol.asyncDispose]()
  expect(await injectWebhook(url).send({})).toBe(`${host} could not be reached (ECONNREFUSED)`)
})

test('an address that is none, or has a password in it, is refused', () => {
  expect(() => injectWebhook('our-channel')).toThrow('--inject-webhook our-channel: this is no web address.')
  expect(() => injectWebhook('file:///tmp/x')).toThrow('this is no web address')
  expect(() => injectWebhook('http://a:b@127.0.0.1/')).toThrow('an address with a password in it ends up in logs.')
})

test('the kill switch is tried without ending anything, and one that is out of reach is told', async () => {
  const drill = new FakeDrill()
  const server = await openControlServer(drill)
  const { url, token } = server

  expect(await killSwitchProblem({ url, token })).toBeUndefined()
  expect(await killSwitchProblem({ url, token: 'another-token-than-this' })).toBe('the control API answers with 401')
  expect(drill.told).toEqual([])
  await server.close()
  expect(await killSwitchProblem({ url, token })).toContain('the control API does not answer')
})
