import { expect, test } from 'vitest'
import { defineIntegration, outageHandlers } from '../../../src/index.ts'
import { changedSince, snapshot } from '../../../src/run/take-over.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from './support.ts'

const sound = defineIntegration({
  name: 'sound',
  perform: async (_, { prompt }) => {
    const response = await fetch(messagesUrl, {
      method: 'POST',
      headers: messagesHeaders(),
      body: messagesBody(prompt),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response.json()
  },
})

const stopping = (condition: string, share = '100%') =>
  `${scenario(`{ name: down, for: 30m, faults: [{ surface: api, fault: overloaded, share: ${share} }] }`)}stop_when:\n  - ${condition}\n`

test('a run stops when an outcome is too frequent, cleans up, and proves nothing', async () => {
  const before = snapshot()
  const said: string[] = []
  const result = await run(
    { ...sound, stop: () => said.push('stop') },
    { scenario: stopping('{ outcome: failed, above: 50%, over: 2m }') },
  )

  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 4 })
  expect(result.reason).toMatch(/^Stopped: \d+ of \d+ tasks \([\d.]+%\) failed within 2m; the run stops above 50%\.$/)
  const [mark] = eventsOf(result, 'mark')
  expect(mark?.t).toBeLessThan(5 * 60_000)
  expect(result.reason).toContain(mark?.says)
  expect(result.journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'stopped', t: mark?.t })
  expect(said).toEqual(['stop'])
  expect(changedSince(before)).toEqual([])
})

test('it goes on while the share stays below, or the outcome is another one', async () => {
  for (const condition of [
    '{ outcome: failed, above: 90%, over: 5m }',
    '{ outcome: degraded, above: 0%, over: 5m }',
    '{ outcome: queued, above: 0%, over: 5m }',
  ]) {
    const result = await run(sound, { scenario: stopping(condition, '30%') })
    expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('complete')
  }
})

test('a few tasks that fail are no share yet', async () => {
  const result = await run(sound, {
    scenario: stopping('{ outcome: failed, above: 50%, over: 20s }'),
    users: 1,
    thinkMs: 60_000,
  })

  expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('complete')
})

test('what fails in the warm-up is the steady state’s to judge', async () => {
  let asked = 0
  const result = await run(
    {
      name: 'late',
      perform: (_, { question }) => {
        if (asked++ < 8) throw new Error('cold')
        return `[q:${question}] Yes. [end:${question}]`
      },
    },
    {
      scenario: `${stopping('{ outcome: failed, above: 10%, over: 30m }')}steady_state: { for: 2m, at_least: 0% }\n`,
    },
  )

  expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('complete')
})

test('handlers for an app of somebody else refuse what they cannot do to it', () => {
  expect(() => outageHandlers(stopping('{ outcome: failed, above: 50%, over: 2m }'))).toThrow(
    'Handlers cannot stop a run by what its tasks come to',
  )
  const crash = `${scenario('{ name: quiet, for: 2m }')}events: [{ at: quiet, crash: true }]\n`
  expect(() => outageHandlers(crash)).toThrow('Handlers cannot restart, crash or scale the app')
})
