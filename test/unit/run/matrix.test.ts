import { expect, test } from 'vitest'
import { defineIntegration, parseScenario } from '../../../src/index.ts'
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

const matrix = (...lines: string[]) =>
  `${scenario('{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded, share: 50% }] }')}matrix:\n${lines.map(line => `  ${line}\n`).join('')}`

test('every combination of a matrix is run as a scenario of its own', async () => {
  const result = await run(sound, {
    scenario: matrix('phases[down].faults[0].share: [30%, 90%]', 'phases[0].faults[0].fault: [overloaded, refused]'),
  })

  expect(result.variants?.map(variant => variant.scenario.id)).toEqual([
    'small[share=30%,fault=overloaded]',
    'small[share=30%,fault=refused]',
    'small[share=90%,fault=overloaded]',
    'small[share=90%,fault=refused]',
  ])
  const hits = result.variants?.map(({ faults: [row] }) => [row?.id, (row?.hits ?? 0) / (row?.eligible ?? 1)] as const)
  expect(hits?.map(([fault]) => fault)).toEqual(['overloaded', 'refused', 'overloaded', 'refused'])
  expect(hits?.[0]?.[1]).toBeLessThan(0.6)
  expect(hits?.[2]?.[1]).toBeGreaterThan(0.7)
})

test('the journal of a variant holds the text that replays it', async () => {
  const result = await run(sound, { scenario: matrix('phases[down].for: [2m, 3m]') })

  const [short, long] = result.variants ?? []
  const [started] = eventsOf(long ?? result, 'run-started')
  expect(started?.scenarioId).toBe('small[for=3m]')
  const { scenario: again } = parseScenario(started?.scenario ?? '')
  expect(again).toMatchObject({ id: 'small', phases: [{ name: 'down', for: 180_000 }] })
  expect(again?.matrix).toBeUndefined()
  const replayed = await run(sound, { scenario: started?.scenario ?? '' })
  expect(replayed.journal.slice(1)).toEqual(long?.journal.slice(1))
  expect(short?.journalHash).not.toBe(long?.journalHash)
})

test('the result is that of the worst variant', async () => {
  const result = await run(sound, {
    scenario: `${matrix('workload.think: [10s, 20s]', 'expect: [[], [{ answers: { at_least: 100%, within: 1s } }]]')}`,
  })

  expect(result.variants?.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0, 1])
  expect(result).toMatchObject({ exitCode: 1, verdict: 'fail', scenario: { id: expect.stringContaining('expect=') } })
})

test('a variant that is no scenario is refused at its place, before anything runs', async () => {
  const broken = matrix('phases[down].faults[0].share: [30%, 90]', 'phases[up].for: [1m]')
  await expect(run(sound, { scenario: broken, file: 'm.yaml' })).rejects.toThrow(
    /^m\.yaml:9:\d+: There is no \[up\] in "phases\[up\]\.for"\./,
  )
  await expect(run(sound, { scenario: broken.replace('[up]', '[down]'), file: 'm.yaml' })).rejects.toThrow(
    /^m\.yaml:8:\d+: 90 makes no valid scenario: Expected a share such as 50% or 0\.5/,
  )
})

test('a matrix of too many variants is refused', async () => {
  const ten = '[1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s]'
  await expect(run(sound, { scenario: matrix(`workload.think: ${ten}`, `phases[0].for: ${ten}`) })).rejects.toThrow(
    'This matrix makes 100 variants; at most 64 are run.',
  )
})

test('variants that could not be told apart are refused', async () => {
  const twice = matrix('phases[0].faults[0].fault: [overloaded, refused, overloaded]')
  await expect(run(sound, { scenario: twice, file: 'm.yaml' })).rejects.toThrow(
    /^m\.yaml:8:\d+: "overloaded" stands here twice\./,
  )
  const alike = matrix('title: [a b, a-b]')
  await expect(run(sound, { scenario: alike })).rejects.toThrow('"a-b" would have the same name as "a b".')
})

test('what a matrix varies cannot be fixed from outside', async () => {
  const varied = matrix('seed: [1, 2]', 'workload.users: [2, 3]')
  await expect(run(sound, { scenario: varied, seed: 7, users: 5, file: 'm.yaml' })).rejects.toThrow(
    /^m\.yaml:8:.*The matrix varies seed, and this run fixes it to 7\..*\nm\.yaml:9:.*workload\.users.* to 5\./,
  )
})

test('a variant whose event would never come is refused', async () => {
  const late = `${matrix('events[0].at: [down, end + 1h]')}events: [{ at: down, crash: true }]\n`
  await expect(run(sound, { scenario: late })).rejects.toThrow('"end + 1h" makes no valid scenario: This is 1h after')
})
