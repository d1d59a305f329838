import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertSurvives, startOutage } from 'blackstart'
import { createAssistant } from '../src/assistant.js'

test('in the blackout a question that was asked before is answered from the cache', async t => {
  const outage = await startOutage('chat-before-api', { signal: t.signal })
  // Whatever happens, every global is Node's own again after the test.
  t.after(() => outage.close())
  const assistant = createAssistant()
  await outage.run(() => assistant.answer('Where is my parcel?'))

  await outage.goto('blackout + 10s')
  const answer = await outage.run(() => assistant.answer('Where is my parcel?'))

  assert.equal(answer.from, 'cache')
  assert.deepEqual(
    outage.attempts({ since: 'blackout' }).map(({ status }) => status),
    [529, 529],
  )
  const { findings, verdict } = await outage.finish()
  assert.deepEqual(findings, [])
  assert.equal(verdict, 'pass')
})

test('a fault in one line', async t => {
  const outage = await startOutage(undefined, { signal: t.signal })
  t.after(() => outage.close())
  outage.inject({ surface: 'api', fault: 'overloaded', for: '1m' })
  const assistant = createAssistant()

  await assert.rejects(
    outage.run(() => assistant.answer('Hello?')),
    { status: 529 },
  )
  await outage.advance('1m')

  const { from } = await outage.run(() => assistant.answer('Hello?'))
  assert.equal(from, 'live')
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

  await assert.rejects(assertSurvives(liar, 'global-down', { users: 5 }), /liar was not tested by global-down/)
})
