import { test } from 'blackstart/vitest'
import { expect } from 'vitest'
import { Assistant } from '../src/assistant.ts'

test('in the blackout a question that was asked before is answered from the cache', async ({ outage }) => {
  await outage.start('chat-before-api')
  const assistant = new Assistant()
  await outage.run(() => assistant.answer('Where is my parcel?'))

  await outage.goto('blackout + 10s')
  const answer = await outage.run(() => assistant.answer('Where is my parcel?'))

  expect(answer.from).toBe('cache')
  expect(outage.attempts({ since: 'blackout' }).map(({ status }) => status)).toEqual([529, 529])
  expect(await outage.finish()).toHaveNoFindings({ severity: 'fail' })
})

test('a question that nobody asked before fails within half a minute', async ({ outage }) => {
  await outage.start()
  outage.inject({ surface: 'api', fault: 'black-hole' })
  const assistant = new Assistant()

  await expect(outage.run(() => assistant.answer('Hello?'), { within: '31s' })).rejects.toThrow()
})

test('it waits as long as the provider says', async ({ outage }) => {
  await outage.start()
  outage.inject({ surface: 'api', fault: { 'rate-limited': { retry_after: '20s' } }, when: { first: 1 } })
  const assistant = new Assistant()

  const pending = outage.task(() => assistant.answer('Hello?'))
  await outage.advance('19s')
  expect(outage.attempts()).toHaveLength(1)
  await outage.advance('2s')

  expect(await pending).toMatchObject({ from: 'live' })
  expect(await outage.finish()).toHonourRetryAfter()
})
