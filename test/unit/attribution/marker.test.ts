import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, outcomesOf, run } from '../run/support.ts'
import {
  ask,
  calm,
  countByTask,
  expectAttributed,
  type Job,
  mostInFlight,
  Queue,
  rough,
  saysOk,
  unmarked,
} from './support.ts'

/** Workers that start with the app and serve one queue; `sent` is told for whom each request is. */
function pool(workers: number, sent: string[], attempts = 1) {
  return () => {
    const queue = new Queue<Job>()
    const work = async () => {
      for (;;) {
        const { id, prompt, resolve, reject } = await queue.take()
        const one = () => {
          sent.push(id)
          return ask(prompt)
        }
        let answer = one()
        for (let i = 1; i < attempts; i++)
          answer = answer.catch(async () => {
            await new Promise(go => setTimeout(go, 1_000))
            return one()
          })
        await answer.then(resolve, reject)
      }
    }
    for (let i = 0; i < workers; i++) void work()
    return queue
  }
}

const enqueue = (queue: Queue<Job>, { id, prompt }: { id: string; prompt: string }) =>
  new Promise((resolve, reject) => queue.push({ id, prompt, resolve, reject }))

test('a worker started with the app is told by the mark for whom it works, retries included', async () => {
  const sent: string[] = []

  const result = await run(defineIntegration({ name: 'worker', start: pool(3, sent, 6), perform: enqueue }), {
    scenario: rough(500),
    users: 6,
  })

  expectAttributed(result, sent, 'marker')
  expect(sent.length).toBeGreaterThan(eventsOf(result, 'task-settled').length + 5)
  const truly = [...Map.groupBy(sent, id => id).values()].map(requests => requests.length)
  expect([...countByTask(eventsOf(result, 'attempt-started')).values()]).toEqual(truly)
})

test('twelve users with the same question, served by workers, each get one attempt', async () => {
  const sent: string[] = []

  const result = await run(
    defineIntegration({
      name: 'same-question',
      start: pool(12, sent),
      async perform(queue, task) {
        await new Promise(go => setTimeout(go, 30_000 - (Date.now() % 30_000)))
        return enqueue(queue, task)
      },
    }),
    { scenario: calm(1), users: 12, thinkMs: 3_000 },
  )

  expectAttributed(result, sent, 'marker')
  expect(mostInFlight(result)).toBe(1)
  expect(outcomesOf(result)).toEqual({ ok: sent.length })
})

test('no task with the same question as others gets an attempt while it has one in flight', async () => {
  const sent: string[] = []

  const result = await run(defineIntegration({ name: 'same-retries', start: pool(12, sent, 6), perform: enqueue }), {
    scenario: rough(1),
    users: 12,
    thinkMs: 5_000,
  })

  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts).toHaveLength(sent.length)
  expect(new Set(attempts.map(({ attributedBy }) => attributedBy))).toEqual(new Set(['marker']))
  expect(mostInFlight(result)).toBe(1)
})

test('where a batcher sends from the context of one task for others, the mark wins', async () => {
  const sent: string[] = []
  let inOthersName = 0

  const result = await run(
    defineIntegration({
      name: 'batcher',
      start: () => ({ batch: [] as Job[] }),
      perform: (app, { id, prompt }) =>
        new Promise((resolve, reject) => {
          app.batch.push({ id, prompt, resolve, reject })
          if (app.batch.length > 1) return
          // The first to come flushes for all.
          setTimeout(() => {
            for (const job of app.batch.splice(0)) {
              sent.push(job.id)
              if (job.id !== id) inOthersName++
              ask(job.prompt).then(job.resolve, job.reject)
            }
          }, 10_000)
        }),
    }),
    { scenario: rough(500), users: 6 },
  )

  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.map(({ task }) => task)).toEqual(sent)
  expect(inOthersName).toBeGreaterThan(20)
  const by = Map.groupBy(attempts, ({ attributedBy }) => attributedBy)
  expect(by.get('marker')).toHaveLength(inOthersName)
  expect(by.get('context')).toHaveLength(sent.length - inOthersName)
})

test.each([
  ['of its own', 500],
  ['that all share', 1],
])('a worker that the first task started serves later tasks, each with a question %s', async (_, questions) => {
  const sent: string[] = []

  const result = await run(
    defineIntegration({
      name: 'lazy-worker',
      start: () => ({ queue: undefined as Queue<Job> | undefined }),
      perform(app, task) {
        app.queue ??= pool(1, sent)()
        return enqueue(app.queue, task)
      },
    }),
    { scenario: calm(questions), users: 1 },
  )

  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.map(({ task }) => task)).toEqual(sent)
  expect(attempts.map(({ attributedBy }) => attributedBy)).toEqual(['context', ...sent.slice(1).map(() => 'marker')])
})

test('a request without a mark, sent again by a worker, is known by its content', async () => {
  const sent: string[] = []

  const result = await run(
    defineIntegration({
      name: 'retry-queue',
      start() {
        const queue = new Queue<Job>()
        const work = async () => {
          for (;;) {
            const job = await queue.take()
            sent.push(job.id)
            await ask(job.prompt).then(job.resolve, () => queue.push(job))
            await new Promise(go => setTimeout(go, 200))
          }
        }
        void work()
        return queue
      },
      perform: (queue, { id }) =>
        new Promise((resolve, reject) => {
          const prompt = `Say hello to ${id}.`
          sent.push(id)
          ask(prompt).then(resolve, () => queue.push({ id, prompt, resolve, reject }))
        }),
      settle: saysOk,
    }),
    { scenario: rough(50) },
  )

  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.map(({ task }) => task)).toEqual(sent)
  const again = attempts.filter(({ n }) => n > 1)
  expect(again.length).toBeGreaterThan(5)
  expect(new Set(again.map(({ attributedBy }) => attributedBy))).toEqual(new Set(['fingerprint']))
})

test("a request of nobody's is the instance's own", async () => {
  const result = await run(
    defineIntegration({
      name: 'heartbeat',
      start() {
        setInterval(() => void ask(unmarked).catch(() => {}), 15_000)
      },
      perform: (_, { prompt }) => ask(prompt),
    }),
    { scenario: calm(50), instances: 2, users: 2 },
  )

  const strangers = eventsOf(result, 'attempt-started').filter(({ attributedBy }) => attributedBy === 'none')
  expect(strangers.length).toBeGreaterThan(20)
  expect(strangers.every(({ task }) => task === undefined)).toBe(true)
  expect(new Set(strangers.map(({ instance }) => instance))).toEqual(new Set([0, 1]))
  expect(outcomesOf(result)).toEqual({ ok: eventsOf(result, 'task-started').length })
})

test('instances with the same question each answer for their own tasks', async () => {
  const sent: string[] = []

  const result = await run(defineIntegration({ name: 'two-pools', start: pool(4, sent), perform: enqueue }), {
    scenario: calm(1),
    users: 4,
    instances: 2,
    thinkMs: 3_000,
  })

  expectAttributed(result, sent, 'marker')
  const instanceOf = new Map(eventsOf(result, 'task-started').map(({ task, instance }) => [task, instance]))
  const crossed = eventsOf(result, 'attempt-started').filter(a => instanceOf.get(a.task ?? '') !== a.instance)
  expect(crossed).toEqual([])
})
