import { openai } from '@ai-sdk/openai'
import { HumanMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, outcomesOf, run, statusesOf } from './support.ts'

const scenario =
  'blackstart: 1\nid: small\ntitle: A small one\nprovider: openai\nphases:\n' +
  '  - { name: busy, for: 5m, faults: [{ surface: api, share: 40%, mix: [{ fault: unavailable, share: 50% }, { fault: stream-error, share: 50% }] }] }\n'

/** By the Vercel AI SDK, which reads the same variables as the SDK. */
const aiSdk = defineIntegration({
  name: 'ai-sdk',
  perform: async (_, { prompt, stream }) => {
    const model = openai('gpt-5.4-mini')
    if (!stream) return (await generateText({ model, prompt })).text
    const streamed = streamText({ model, prompt, onError: () => {} })
    if ((await streamed.finishReason) !== 'stop') throw new Error('not finished')
    return streamed.text
  },
})

const langchain = defineIntegration<ChatOpenAI>({
  name: 'langchain',
  start: () => new ChatOpenAI({ model: 'gpt-5.4-mini', maxRetries: 2 }),
  perform: async (chat, { prompt, stream }) => {
    if (!stream) return (await chat.invoke([new HumanMessage(prompt)])).text
    let text = ''
    for await (const chunk of await chat.stream(prompt)) text += chunk.text
    return text
  },
})

test.each([aiSdk, langchain])('$name goes through an outage of OpenAI, the same way twice', async integration => {
  const first = await run(integration, { scenario })
  const second = await run(integration, { scenario })

  expect(first.journalHash).toBe(second.journalHash)
  expect(statusesOf(first)).toEqual([200, 503])
  expect(outcomesOf(first)['ok']).toBeGreaterThan(50)
  expect(eventsOf(first, 'attempt-started').every(({ key }) => key === 'canary')).toBe(true)
  expect(first.notices).toEqual([])
})
