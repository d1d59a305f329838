import { request as httpsRequest } from 'node:https'
import { expect, test } from 'vitest'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from '../run/support.ts'

/** Of this file's own import: reaches the run by way of sockets. */
const earlyFetch = globalThis.fetch

const body = (prompt: string) => messagesBody(prompt, { stream: true })

/** What a client read before its body broke, and what it broke with. */
interface Seen {
  text: string
  error: unknown
}

async function read(fetched: Promise<Response>, seen: Seen): Promise<void> {
  const decoder = new TextDecoder()
  try {
    const response = await fetched
    for await (const piece of response.body ?? []) seen.text += decoder.decode(piece as Uint8Array, { stream: true })
  } catch (error) {
    seen.error = error
  }
}

const viaFetch = (fetch: typeof globalThis.fetch) => (prompt: string, seen: Seen) =>
  read(fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: body(prompt) }), seen)

const viaHttps = (prompt: string, seen: Seen) =>
  new Promise<void>(resolve => {
    const request = httpsRequest(messagesUrl, { method: 'POST', headers: messagesHeaders() }, response => {
      response.setEncoding('utf8')
      response.on('data', text => {
        seen.text += text
      })
      response.on('error', error => {
        seen.error = error
        resolve()
      })
      response.on('end', resolve)
    })
    request.on('error', error => {
      seen.error = error
      resolve()
    })
    request.end(body(prompt))
  })

const ways = { tap: viaFetch((...args) => fetch(...args)), 'native fetch': viaFetch(earlyFetch), https: viaHttps }

test.for(Object.entries(ways))('by way of %s, everything before the cut arrives', async ([, send]) => {
  const seen: Seen[] = []
  const result = await run(
    {
      name: 'reader',
      perform: async (_, { prompt }) => {
        const one: Seen = { text: '', error: undefined }
        await send(prompt, one)
        seen.push(one)
        return one.error === undefined ? prompt.replace(/^(\[q:(\w+)\]).*/, '$1 [end:$2]') : Promise.reject(one.error)
      },
    },
    {
      scenario: scenario(
        '{ name: cut, for: 2m, faults: [{ surface: api, fault: { stream-cut: { after: 4 events, by: rst } } }] }',
      ),
    },
  )

  const cut = seen.filter(({ error }) => error !== undefined)
  expect(cut.length).toBeGreaterThan(10)
  for (const { text } of cut) expect(text.match(/^event: \w+$/gm)).toHaveLength(4)
  const bytes = eventsOf(result, 'attempt-ended').filter(({ outcome }) => outcome === 'cut')
  expect(bytes.map(event => event.bytes)).toEqual(cut.map(({ text }) => Buffer.byteLength(text)))
})
