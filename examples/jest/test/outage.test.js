import { afterEach, expect, test } from '@jest/globals'
import { assertSurvives, startOutage } from 'blackstart'
import { createAssistant } from '../src/assistant.js'

let outage
// Whatever happened in the test, every global is Jest's own again after it.
afterEach(() => outage?.close())

test('in the blackout a question that was asked before is answered from the cache', async () => {
  outage = await startOutage('chat-before-api')
  const assistant = createAssistant()
  await outage.run(() => assistant.answer('Where is my parcel?'))

  await outage.goto('blackout + 10s')
  const answer = await outage.run(() => assistant.answer('Where is my parcel?'))

  expect(answer.from).toBe('cache')
  expect(outage.attempts({ since: 'blackout' }).map(({ status }) => status)).toEqual([529, 529])
  const { findings, verdict } = await outage.finish()
  expect(findings).toEqual([])
  expect(verdict).toBe('pass')
})

test('a fault in one line', async () => {
  outage = await startOutage()
  outage.inject({ surface: 'api', fault: 'overloaded', for: '1m' })
  const assistant = createAssistant()

  await expect(outage.run(() => assistant.answer('Hello?'))).rejects.toMatchObject({ status: 529 })
  await outage.advance('1m')

  expect(await outage.run(() => assistant.answer('Hello?'))).toMatchObject({ from: 'live' })
})

test('the assistant gets through a whole outage', async () => {
  const client = {
    name: 'assistant',
    start: createAssistant,
    perform: (assistant, { prompt }) => assistant.answer(prompt),
    settle: ({ text, from }) =>
      from === 'live'
        ? { outcome: 'ok', source: 'live', text }
        : { outcome: 'degraded', source: 'cache', text, labelled: true },
  }

  await assertSurvives(client, 'chat-before-api', { users: 10 })
})

test('one that does not is told why', async () => {
  const liar = { name: 'liar', perform: () => 'All is well.' }

  await expect(assertSurvives(liar, 'global-down', { users: 5 })).rejects.toThrow('liar was not tested by global-down')
})
