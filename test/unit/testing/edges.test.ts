import Anthropic from '@anthropic-ai/sdk'
import { afterEach, expect, test } from 'vitest'
import type { OutageSession } from '../../../src/testing/session.ts'
import { type StartOutageOptions, startOutage } from '../../../src/testing/start-outage.ts'
import { broken, quarter, sound } from '../vitest/clients.ts'

const open: OutageSession[] = []
const start = async (scenario?: string, options?: StartOutageOptions) => {
  const outage = await startOutage(scenario, options)
  open.push(outage)
  return outage
}
afterEach(async () => {
  for (const outage of open.splice(0)) await outage.close()
})

const ask = (anthropic: Anthropic) =>
  anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: 'hi' }] })
const sleep = (ms: number) => new Promise<string>(resolve => setTimeout(() => resolve(`${ms}`), ms))

test('those who wait together wait at the same time, and the first is the first', async () => {
  const outage = await start()

  expect(await Promise.all([outage.run(() => sleep(30_000)), outage.run(() => sleep(20_000))])).toEqual([
    '30000',
    '20000',
  ])
  expect(outage.now).toBe(30_000)
  expect(await Promise.race([outage.run(() => sleep(60_000)), outage.run(() => sleep(10_000))])).toBe('10000')
})

test('what takes longer than it may is told, with its last request', async () => {
  const outage = await start()
  outage.inject({ surface: 'api', fault: 'black-hole' })
  const anthropic = new Anthropic({ maxRetries: 0, timeout: 3_600_000 })

  await expect(outage.run(() => ask(anthropic), { within: '60s' })).rejects.toThrow(
    't1 was still open after 60 s of virtual time: its last request, a1 at quiet, is open.',
  )
  expect(outage.now).toBe(60_000)
})

test('a task that never ends does not hold the test up, and is a finding', async () => {
  const outage = await start(quarter)
  await outage.goto('down')
  const lost = outage.task(() => new Promise(() => {}))

  const result = await outage.finish()

  await expect(lost).rejects.toThrow('The outage is over')
  expect(result.findings.map(({ oracle }) => oracle)).toContain('settles')
})

test('timers that never end are told, with the place that sets them', async () => {
  const outage = await start(quarter)
  await outage.goto('down')
  const spin = () => void setTimeout(spin, 1)

  await expect(outage.run(() => new Promise(() => spin()))).rejects.toThrow(
    /Time cannot go on: timers fire without end; they are set at .*edges\.test\.ts/,
  )
})

test('a client that one outage built is in the next one, and outside of any on the network', async () => {
  const first = await start(quarter)
  const anthropic = new Anthropic({ maxRetries: 0, baseURL: 'http://127.0.0.1:9' })
  await first.finish()
  await expect(ask(anthropic)).rejects.toThrow('Connection error')

  const second = await start(quarter)
  expect(await second.run(() => ask(anthropic))).toMatchObject({ type: 'message' })
})

test('what an outage left running has no part in the next', async () => {
  const first = await start(quarter)
  let again = () => {}
  first.task(async () => {
    await new Promise<void>(resolve => {
      again = resolve
    })
    return ask(new Anthropic({ maxRetries: 0 }))
  })
  await first.close()

  const second = await start(quarter)
  again()
  await second.advance('1m')
  expect(second.attempts()).toEqual([])
})

test('the word of the app on its answer is in the journal', async () => {
  const outage = await start(quarter)
  await outage.goto('down')
  const options = {
    settle: () => ({ outcome: 'degraded', source: 'cache', labelled: true }) as const,
    class: 'critical',
  }
  await outage.run(() => ({ text: 'yesterday’s answer' }), options)

  expect(outage.journal.findLast(({ type }) => type === 'task-settled')).toMatchObject({
    ...{ outcome: 'degraded', claimed: true, source: 'cache', labelled: true },
  })
  expect(outage.journal.findLast(({ type }) => type === 'task-started')).toMatchObject({ class: 'critical' })
})

test('half an answer that is handed on as a whole one is a finding', async () => {
  const outage = await start()
  outage.inject({ surface: 'api', fault: { 'stream-cut': { after: '5 events', by: 'clean' } } })
  const anthropic = new Anthropic({ maxRetries: 0 })
  await outage.run(async () => {
    const request = { model: 'claude-sonnet-5-5', max_tokens: 64, stream: true } as const
    const stream = await anthropic.messages.create({ ...request, messages: [{ role: 'user', content: 'hi' }] })
    let text = ''
    for await (const event of stream)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    return text
  })

  expect((await outage.finish()).findings).toMatchObject([{ oracle: 'truncated-is-not-success' }])
})

test('a client that does not work while all is well goes through no outage', async () => {
  const outage = await start(quarter, { client: broken })

  await expect(outage.goto('down')).rejects.toThrow('The client is not fit for an outage. Only 0 of')
  expect(await outage.finish()).toMatchObject({ verdict: 'inconclusive', exitCode: 3 })
})

test('the same client and scenario give the same journal, test or no test', async () => {
  const once = async () => {
    const outage = await start(quarter, { client: sound, seed: 5, users: 3 })
    await outage.goto('down + 90s')
    return (await outage.finish()).journalHash
  }

  expect(await once()).toBe(await once())
})

test.for([
  ['events:\n  - { at: down, restart: true }', 'There is no client to restart.'],
  ['matrix: { seed: [1, 2] }', 'not a matrix'],
  ['fautls: []', 'Did you mean'],
])('refused: %s', async ([more, says]) => {
  await expect(start(`${quarter}${more}\n`)).rejects.toThrow(says)
})

test('closing it again, or after the end, does nothing', async () => {
  await using outage = await startOutage(quarter)
  await outage.finish()
  await outage.close()
  await outage.close()

  expect(outage.isOver).toBe(true)
  await expect(outage.advance('1s')).rejects.toThrow('The outage is over')
})
