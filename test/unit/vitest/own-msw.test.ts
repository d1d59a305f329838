import http from 'node:http'
import { test } from 'blackstart/vitest'
import { delay, HttpResponse, http as handle } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAssistant } from './assistant.ts'
import { quarter } from './clients.ts'

const server = setupServer(
  handle.get('https://app.test/ready', () => HttpResponse.json({ ready: true })),
  handle.get('http://app.test/slow', async () => {
    await delay(30_000)
    return HttpResponse.json({ slow: true })
  }),
  handle.post('https://api.anthropic.com/v1/messages', () => new HttpResponse('not of the outage', { status: 418 })),
)
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())

const ready = async () => (await fetch('https://app.test/ready')).json()
const overNodeHttp = () =>
  new Promise<number | undefined>((resolve, reject) => {
    http.get('http://app.test/slow', response => resolve(response.resume().statusCode)).on('error', reject)
  })

test('hosts of the own server are refused unless they are let pass', async ({ outage }) => {
  await outage.start(quarter)
  const assistant = createAssistant()

  expect(await outage.run(() => assistant.answer('hi'))).toMatchObject({ from: 'live' })
  await expect(outage.run(ready)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  const { notices } = await outage.finish()

  expect(notices).toMatchObject([expect.stringContaining('app.test is no surface of this run')])
})

test('with `others: pass` the own server answers beside the outage, on the time of the outage', async ({ outage }) => {
  await outage.start(quarter, { others: 'pass' })
  await outage.goto('down')

  expect(await outage.run(ready)).toEqual({ ready: true })
  await expect(outage.run(() => createAssistant().answer('hi'))).rejects.toMatchObject({ status: 529 })
  const before = outage.now
  expect(await outage.run(overNodeHttp)).toBe(200)
  expect(outage.now - before).toBeGreaterThanOrEqual(30_000)
})

test('afterwards the own server is as it was', async () => {
  expect(await ready()).toEqual({ ready: true })
  expect(await fetch('https://api.anthropic.com/v1/messages', { method: 'POST' })).toMatchObject({ status: 418 })
})
