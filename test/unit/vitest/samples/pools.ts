// Run in every pool by ../pools.test.ts.
import http from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { test } from 'blackstart/vitest'
import { expect } from 'vitest'
import { createAssistant } from '../assistant.ts'
import { quarter, sound } from '../clients.ts'

const early = new Anthropic({ apiKey: 'none', maxRetries: 0 })
const question = { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user' as const, content: 'hi' }] }

test('a moment of an outage', async ({ outage }) => {
  await outage.start(quarter)
  const assistant = createAssistant()
  expect(await outage.run(() => assistant.answer('hi'))).toMatchObject({ from: 'live' })
  await outage.goto('down + 1m')
  expect(await outage.run(() => assistant.answer('hi'))).toMatchObject({ from: 'cache' })
  await expect(outage.run(() => assistant.answer('hello'))).rejects.toMatchObject({ status: 529 })
  expect(await outage.finish()).toHaveNoFindings()
})

test('a client from before the outage', async ({ outage }) => {
  await outage.start(quarter)
  expect(await outage.run(() => early.messages.create(question))).toMatchObject({ type: 'message' })
  await outage.goto('down')
  await expect(outage.run(() => early.messages.create(question))).rejects.toMatchObject({ status: 529 })
})

test('node:http', async ({ outage }) => {
  await outage.start(quarter)
  await outage.goto('down')
  const status = outage.run(
    () =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = http.request('http://api.anthropic.com/v1/messages', { method: 'POST' }, response => {
          response.resume()
          resolve(response.statusCode)
        })
        request.on('error', reject)
        request.end(JSON.stringify(question))
      }),
  )
  expect(await status).toBe(529)
})

test('timers, dates and promises of timers', async ({ outage }) => {
  await outage.start(quarter)
  const before = Date.now()
  const { setTimeout: sleep } = await import('node:timers/promises')
  await outage.run(() => sleep(60_000))
  await outage.run(() => new Promise(resolve => setTimeout(resolve, 60_000)))
  expect(Date.now() - before).toBe(120_000)
})

test('a whole run', async () => {
  await expect(sound).toSurvive(quarter)
})
