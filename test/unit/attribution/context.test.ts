import PQueue from 'p-queue'
import { expect, test } from 'vitest'
import { defineIntegration, withCall } from '../../../src/index.ts'
import { eventsOf, outcomesOf, run } from '../run/support.ts'
import { ask, calm, countByTask, expectAttributed, type Job, Queue, rough, saysOk, unmarked } from './support.ts'

test('a request sent from a timer belongs to the task that set it, and so does its retry from another timer', async () => {
  const sent: string[] = []
  const later = (id: string, delayMs: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      setTimeout(() => {
        sent.push(id)
        ask(unmarked).then(resolve, () => later(id, delayMs + 500).then(resolve, reject))
      }, delayMs)
    })

  const result = await run(
    { name: 'timers', perform: (_, { id }) => later(id, 300), settle: saysOk },
    { scenario: rough(50) },
  )

  expectAttributed(result, sent, 'context')
  const calls = eventsOf(result, 'call-started')
  expect(new Set(countByTask(calls).values())).toEqual(new Set([1]))
  expect(sent.length).toBeGreaterThan(calls.length + 5)
  for (const call of calls) {
    const attempts = eventsOf(result, 'attempt-started').filter(attempt => attempt.call === call.call)
    expect(attempts.map(({ n }) => n)).toEqual(attempts.map((_, i) => i + 1))
  }
})

test('what an interval sends belongs to the task that set it', async () => {
  const sent: string[] = []

  const result = await run(
    {
      name: 'intervals',
      perform: (_, { id }) =>
        new Promise(resolve => {
          const interval = setInterval(async () => {
            sent.push(id)
            const answer = await ask(unmarked).catch(() => undefined)
            if (!answer) return
            clearInterval(interval)
            resolve(answer)
          }, 5_000)
        }),
      settle: saysOk,
    },
    { scenario: rough(50) },
  )

  expectAttributed(result, sent, 'context')
  expect(sent.length).toBeGreaterThan(eventsOf(result, 'task-settled').length)
})

test('what p-queue runs belongs to the task that added it, whichever task made room for it', async () => {
  const sent: string[] = []
  let waited = 0

  const result = await run(
    defineIntegration({
      name: 'p-queue',
      start: () => new PQueue({ concurrency: 2 }),
      perform: (queue, { id }) => {
        if (queue.pending === 2) waited++
        return queue.add(() => {
          sent.push(id)
          return ask(unmarked)
        })
      },
      settle: saysOk,
    }),
    { scenario: calm(50), users: 12, thinkMs: 3_000 },
  )

  expect(waited).toBeGreaterThan(20)
  expectAttributed(result, sent, 'context')
})

test('twelve users asking the same question in the same millisecond are told apart', async () => {
  const sent: string[] = []

  const result = await run(
    {
      name: 'at-once',
      async perform(_, { id, prompt }) {
        await new Promise(go => setTimeout(go, 30_000 - (Date.now() % 30_000)))
        sent.push(id)
        return ask(prompt)
      },
    },
    { scenario: calm(1), users: 12, thinkMs: 3_000 },
  )

  expectAttributed(result, sent, 'context')
  const together = Map.groupBy(eventsOf(result, 'attempt-started'), ({ t }) => t)
  expect([...together.values()].some(attempts => attempts.length === 12)).toBe(true)
  expect(outcomesOf(result)).toEqual({ ok: sent.length })
})

test("a worker's request belongs to the task that withCall names", async () => {
  const sent: string[] = []

  const result = await run(
    defineIntegration({
      name: 'with-call',
      start() {
        const queue = new Queue<Job>()
        const work = async () => {
          for (;;) {
            const { id, resolve, reject } = await queue.take()
            sent.push(id)
            await withCall(id, () => ask(unmarked)).then(resolve, reject)
          }
        }
        for (let i = 0; i < 3; i++) void work()
        return queue
      },
      perform: (queue, { id, prompt }) => new Promise((resolve, reject) => queue.push({ id, prompt, resolve, reject })),
      settle: saysOk,
    }),
    { scenario: rough(50), users: 6 },
  )

  expectAttributed(result, sent, 'context')
  expect(new Set(eventsOf(result, 'attempt-started').map(({ instance }) => instance))).toEqual(new Set([0]))
})

test('withCall only calls its function when no run is under way', async () => {
  expect(withCall('t1', () => 7)).toBe(7)
  await expect(withCall('t1', async () => 'later')).resolves.toBe('later')
  expect(() =>
    withCall('t1', () => {
      throw new RangeError('no')
    }),
  ).toThrow(RangeError)
})

test('what a task still does after it settled is its own', async () => {
  const sent: string[] = []

  const result = await run(
    {
      name: 'background-refresh',
      async perform(_, { id, prompt }) {
        sent.push(id)
        const answer = await ask(prompt)
        setTimeout(() => {
          sent.push(id)
          void ask(prompt)
        }, 2_000)
        return answer
      },
    },
    { scenario: calm(500) },
  )

  expectAttributed(result, sent, 'context')
  expect(new Set(countByTask(eventsOf(result, 'attempt-started')).values())).toEqual(new Set([2]))
})
