import { test } from 'blackstart/vitest'
import { describe, expect, vi } from 'vitest'
import { createAssistant } from './assistant.ts'
import { quarter, sound } from './clients.ts'

const natives = { fetch: globalThis.fetch, setTimeout: globalThis.setTimeout, Date: globalThis.Date }

test('in the blackout the assistant answers from its cache, and says so', async ({ outage }) => {
  await outage.start('chat-before-api')
  const assistant = createAssistant()

  expect(await outage.run(() => assistant.answer('Where is my parcel?'))).toMatchObject({ from: 'live' })
  await outage.goto('blackout + 10s')
  const old = await outage.run(() => assistant.answer('Where is my parcel?'), {
    settle: ({ from }) => ({ outcome: from === 'cache' ? 'degraded' : 'ok', source: from, labelled: true }),
  })

  expect(old.from).toBe('cache')
  expect(outage.attempts({ since: 'blackout' })).toHaveLength(2)
  expect(outage.tasks({ phase: 'blackout' })).toMatchObject([{ outcome: 'degraded', source: 'cache' }])
  const result = await outage.finish()
  expect(result).toHaveNoFindings()
  expect(result.faults.find(({ phase }) => phase === 'blackout')).toMatchObject({ status: 'landed', hits: 2 })
})

test('the test before has left nothing behind', () => {
  expect({ fetch: globalThis.fetch, setTimeout: globalThis.setTimeout, Date: globalThis.Date }).toEqual(natives)
})

test('an outage that is not finished is taken away all the same', async ({ outage }) => {
  await outage.start(quarter)
  await outage.goto('down')
  outage.task(() => createAssistant().answer('hi'))

  expect(Date.now()).toBe(Date.UTC(2026, 2, 2, 11, 2))
})

test('and it was', () => {
  expect({ fetch: globalThis.fetch, setTimeout: globalThis.setTimeout, Date: globalThis.Date }).toEqual(natives)
  expect(Math.abs(Date.now() - Date.UTC(2026, 2, 2, 11, 2))).toBeGreaterThan(1_000)
})

test('a fault in one line', async ({ outage }) => {
  await outage.start()
  const assistant = createAssistant({ maxRetries: 0 })
  outage.inject({ surface: 'api', fault: 'overloaded', for: '30s' })

  await expect(outage.run(() => assistant.answer('hi'))).rejects.toMatchObject({ status: 529 })
  await outage.advance('30s')

  expect(await outage.run(() => assistant.answer('hi'))).toMatchObject({ from: 'live' })
})

test('the users of a client module ask while the test looks on', async ({ outage }) => {
  await outage.start(sound, quarter)
  await outage.goto('down + 5m')

  expect(outage.attempts({ phase: 'steady-state' }).every(({ outcome }) => outcome === 'ok')).toBe(true)
  expect(outage.attempts({ surface: 'api', phase: 'down' }).length).toBeGreaterThan(10)
  expect(outage.attempts({ phase: 'down' }).filter(({ outcome }) => outcome === 'ok')).toEqual([])
  await expect(outage.run(() => createAssistant().answer('hi'))).rejects.toMatchObject({ status: 529 })
  const result = await outage.finish()

  expect(result).toMatchObject({ verdict: 'pass', client: 'sound' })
  expect(result).toRecoverWithin('2m')
})

test('the seed and the scenario stand on the test', { meta: {} }, async ({ outage, task }) => {
  await outage.start(quarter, { seed: 9 })

  expect(task.meta).toMatchObject({ blackstart: { scenario: 'quarter', seed: 9 } })
  expect(task.annotations).toMatchObject([{ type: 'blackstart', message: 'quarter, seed 9' }])
})

test('one test may go through two outages, one after the other', async ({ outage }) => {
  await outage.start(quarter)
  await outage.finish()
  await outage.start(quarter, { seed: 2 })

  expect(outage.seed).toBe(2)
})

describe('refused with advice', () => {
  test('under fake timers', async ({ outage }) => {
    vi.useFakeTimers()
    try {
      await expect(outage.start(quarter)).rejects.toThrow('vi.useRealTimers()')
    } finally {
      vi.useRealTimers()
    }
  })

  test('fake timers in an outage', async ({ outage }) => {
    await outage.start(quarter)

    expect(() => vi.useFakeTimers()).toThrow()
  })

  test('a second outage while the first is under way', async ({ outage }) => {
    await outage.start(quarter)

    await expect(outage.start(quarter)).rejects.toThrow('another one is under way')
    await expect(expect(sound).toSurvive(quarter)).rejects.toThrow('another one is under way')
  })

  test('a step before the start', async ({ outage }) => {
    await expect(outage.goto('down')).rejects.toThrow('await outage.start(')
  })

  test('what the scenario does not have', async ({ outage }) => {
    await expect(outage.start('chat-before-appi')).rejects.toThrow('Did you mean chat-before-api?')
    await outage.start(quarter)
    await expect(outage.goto('dwon + 5m')).rejects.toThrow('Did you mean down?')
    await outage.goto('clear')
    await expect(outage.goto('down')).rejects.toThrow('time does not go back')
    await outage.finish()
    await expect(outage.goto('clear')).rejects.toThrow('The outage is over')
  })
})
