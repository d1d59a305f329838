import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { parseScenario, printScenario } from '../../../src/index.ts'
import type { OutageSession } from '../../../src/testing/session.ts'
import { type StartOutageOptions, startOutage } from '../../../src/testing/start-outage.ts'

const staged = `
blackstart: 1
id: staged
provider: anthropic
phases:
  - { name: blackout, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - name: limited
    for: 5m
    limits: [{ surface: api, requests: 6/m, per: key, burst: 1, retry_after: { as: seconds } }]
  - { name: clear, for: 5m }
`

let outage: OutageSession | undefined
const start = async (scenario?: string, options?: StartOutageOptions) => {
  outage = await startOutage(scenario, options)
  return outage
}
afterEach(async () => {
  await outage?.close()
  outage = undefined
})

function assistant({ maxRetries = 0 } = {}) {
  const anthropic = new Anthropic({ maxRetries, timeout: 20_000 })
  return async (prompt: string) => {
    const messages = [{ role: 'user' as const, content: prompt }]
    const { content } = await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages })
    return content.map(part => (part.type === 'text' ? part.text : '')).join('')
  }
}

test('the app is well before the outage, and in the phase that is gone to it is not', async () => {
  const outage = await start(staged)
  const ask = assistant()
  expect(outage).toMatchObject({ phase: 'steady-state', now: -120_000, seed: 1 })

  expect(await outage.run(() => ask('hi'))).toContain('[end:')
  await outage.goto('blackout + 10s')

  expect(outage).toMatchObject({ phase: 'blackout', now: 10_000 })
  await expect(outage.run(() => ask('hi'))).rejects.toMatchObject({ status: 529 })
  expect(outage.attempts({ since: 'blackout' })).toMatchObject([
    { surface: 'anthropic.api.messages', phase: 'blackout', fault: 'overloaded', status: 529, outcome: 'error' },
  ])
  expect(outage.attempts()).toHaveLength(2)
})

test('a task goes on while time is let pass, and is done when it is awaited', async () => {
  const outage = await start(staged)
  const ask = assistant({ maxRetries: 2 })
  await outage.goto('blackout')

  const pending = outage.task(() => ask('hi'))
  expect(outage.attempts({ since: 'start' })).toEqual([])
  await outage.advance('100ms')
  expect(pending.isSettled).toBe(false)
  expect(outage.attempts({ phase: 'blackout' })).toHaveLength(1)
  await outage.advance('30s')

  expect(pending.isSettled).toBe(true)
  await expect(pending).rejects.toMatchObject({ status: 529 })
  expect(outage.calls({ since: 'start' })).toMatchObject([{ attempts: [{ n: 1 }, { n: 2 }, { n: 3 }] }])
  expect(outage.tasks({ phase: 'blackout' })).toMatchObject([
    { id: pending.id, outcome: 'failed', error: 'OverloadedError' },
  ])
})

test('nothing moves by itself: between two steps the clock stands still', async () => {
  const outage = await start(staged)
  await outage.goto('blackout')
  const before = Date.now()

  for (let turn = 0; turn < 1_000; turn++) await Promise.resolve()

  expect(Date.now()).toBe(before)
  expect(outage.now).toBe(0)
})

test('finish goes through the rest, judges, and proves that the faults were felt', async () => {
  const outage = await start(staged)
  const ask = assistant()
  await outage.goto('blackout + 1m')
  await outage.run(() => ask('hi')).catch(() => 'sorry')
  await outage.goto('limited + 1m')
  await outage.run(() => ask('hi'))
  await outage.run(() => ask('hello')).catch(() => 'sorry')

  const result = await outage.finish()

  expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, seed: 1, realIo: false, findings: [] })
  expect(result.faults).toMatchObject([
    { id: 'overloaded', status: 'landed', hits: 1, line: 6 },
    { id: 'limit', status: 'landed', hits: 1 },
  ])
  expect(result.oracles.find(({ id }) => id === 'settles')).toMatchObject({ status: 'pass', examined: 3 })
})

test('an outage that nobody felt proves nothing', async () => {
  const outage = await start(staged)

  expect(await outage.finish()).toMatchObject({ verdict: 'inconclusive', exitCode: 6 })
})

test('the same test gives the same journal', async () => {
  const once = async () => {
    const outage = await start(staged, { seed: 7 })
    const ask = assistant({ maxRetries: 2 })
    await outage.goto('blackout + 1m')
    await outage.run(() => ask('hi')).catch(() => 'sorry')
    return (await outage.finish()).journalHash
  }

  expect(await once()).toBe(await once())
})

test('the wrong retry is a finding, with the attempt that shows it', async () => {
  const outage = await start(staged)
  await outage.goto('limited')
  const ask = assistant()
  const stubborn = async () => {
    for (let tries = 0; ; tries++) {
      try {
        return await ask('hi')
      } catch (error) {
        if (tries === 3) throw error
        await new Promise(resolve => setTimeout(resolve, 500))
      }
    }
  }
  await outage.run(() => ask('first'))
  await outage.run(stubborn).catch(() => 'sorry')

  const result = await outage.finish()

  expect(result.verdict).toBe('fail')
  expect(result.findings.map(({ oracle }) => oracle)).toContain('retry-after-honoured')
})

describe('inject', () => {
  test('a fault in one line, without a scenario', async () => {
    const outage = await start()
    const ask = assistant()

    expect(await outage.run(() => ask('hi'))).toContain('[end:')
    const injected = outage.inject({ surface: 'api', fault: 'unavailable', for: '5m' })
    await expect(outage.run(() => ask('hi'))).rejects.toMatchObject({ status: 503 })
    await outage.advance('5m')
    expect(await outage.run(() => ask('hi'))).toContain('[end:')
    outage.inject({ surface: 'api', fault: { overloaded: { retry_after: '30s' } }, when: { first: 1 } })
    await expect(outage.run(() => ask('hi'))).rejects.toMatchObject({ status: 529 })
    expect(await outage.run(() => ask('hi'))).toContain('[end:')
    injected.stop()

    const result = await outage.finish()
    expect(result).toMatchObject({ verdict: 'pass', scenario: { id: 'quiet-hour' } })
    expect(result.faults).toMatchObject([
      { id: 'unavailable', entry: 'faults[0]', hits: 1, status: 'landed' },
      { id: 'overloaded', entry: 'faults[1]', hits: 1, status: 'landed' },
    ])
  })

  test('what was injected is in the scenario that the result has', async () => {
    const outage = await start(staged)
    await outage.goto('clear + 1m')
    const injected = outage.inject({ surface: 'api.messages', fault: 'internal-error', share: '50%' })
    await outage.advance('1m')
    injected.stop()
    const { scenario } = await outage.finish()

    expect(scenario.faults).toMatchObject([
      { from: { phase: 'clear', offset: 60_000 }, until: { phase: 'clear', offset: 120_000 }, share: 0.5 },
    ])
    expect(parseScenario(printScenario(scenario)).scenario).toEqual(scenario)
  })

  test.for([
    [{ surface: 'apy', fault: 'overloaded' }, 'api'],
    [{ surface: 'api', fault: 'overload' }, 'overloaded'],
    [{ surface: 'api', fault: 'overloaded', share: 50 }, 'share'],
    [{ surface: 'api' }, 'fault'],
  ] as const)('%o is refused with %s in the words', async ([injection, word]) => {
    const outage = await start()

    const refused = expect(() => outage.inject(injection))

    refused.toThrow(expect.toSatisfy(error => `${error.message} ${error.hint}`.includes(word)))
  })

  test('before the outage and after it there is nothing to inject into', async () => {
    const outage = await start(staged)

    expect(() => outage.inject({ surface: 'api', fault: 'overloaded' })).toThrow('has not begun')
    await outage.goto('healed')
    expect(() => outage.inject({ surface: 'api', fault: 'overloaded' })).toThrow('is over')
  })
})
