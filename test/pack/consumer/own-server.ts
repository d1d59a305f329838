// Run beside the packed tarball: the app's own msw, 2 or 3, with the outage's handlers in its server.
import Anthropic from '@anthropic-ai/sdk'
import { outageHandlers } from 'blackstart'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'

const outage = outageHandlers(`
blackstart: 1
id: all-off
title: All off
provider: anthropic
phases:
  - { name: off, for: 30m, faults: [{ surface: api, fault: overloaded }] }
`)
const server = setupServer(
  http.get('https://app.test/ready', () => HttpResponse.json({ ready: true })),
  ...outage,
)

beforeAll(() => server.listen())
afterAll(() => server.close())

test('the outage is in force once it is started, and the handlers of the app stay', async () => {
  const anthropic = new Anthropic({ apiKey: 'none', maxRetries: 0 })
  const ask = () =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Hello' }],
    })

  expect(await ask()).toMatchObject({ type: 'message', role: 'assistant' })
  outage.start()
  await expect(ask()).rejects.toMatchObject({ status: 529 })
  expect(outage.phase).toBe('off')
  outage.stop()
  expect(await ask()).toMatchObject({ type: 'message' })
  expect(await (await fetch('https://app.test/ready')).json()).toEqual({ ready: true })
})
