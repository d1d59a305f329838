import { request as httpsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'
import { queryObjects } from 'node:v8'
import { expect, test } from 'vitest'
import { messagesBody, messagesHeaders, messagesUrl, run } from '../run/support.ts'

/** Of this file's own import: reaches the run by way of sockets. */
const earlyFetch = globalThis.fetch

const viaFetch = async (body: string) =>
  (await earlyFetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body })).text()

const viaHttps = (body: string) =>
  new Promise<string>((resolve, reject) => {
    const request = httpsRequest(messagesUrl, { method: 'POST', headers: messagesHeaders() }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    request.on('error', reject)
    request.end(body)
  })

test.each([
  ['native fetch', viaFetch],
  ['node:https', viaHttps],
])('connections of %s are gone after the run', async (_, send) => {
  const result = await run({
    name: 'asks',
    perform: async (_, { prompt, question }) => {
      await send(messagesBody(prompt))
      return `[q:${question}] [end:${question}]`
    },
  })
  await new Promise(resolve => setTimeout(resolve, 20))

  expect(result.journal.length).toBeGreaterThan(200)
  // It collects the garbage first.
  expect(queryObjects(TLSSocket, { format: 'count' })).toBeLessThan(5)
})
