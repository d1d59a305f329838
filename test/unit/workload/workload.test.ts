import { expect, test } from 'vitest'
import { defineIntegration, runScenario, type TaskInput } from '../../../src/index.ts'
import type { WorkloadSpec } from '../../../src/model/scenario.ts'
import type { Plan } from '../../../src/model/timeline.ts'
import { questionPool } from '../../../src/workload/questions.ts'
import { planWorkload, TaskSource, type User, usersOf, type Workload } from '../../../src/workload/workload.ts'
import { planOf } from '../model/support.ts'
import { eventsOf, scenario } from '../run/support.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Answers well by itself, after a second. */
const parrot = defineIntegration({
  name: 'parrot',
  async perform(_, { question }) {
    await new Promise(go => setTimeout(go, 1_000))
    return `[q:${question}] Yes. [end:${question}]`
  },
})

/** Phases of these lengths, ms. */
const plan = (lengthsMs: readonly number[], workload?: WorkloadSpec): Plan =>
  planOf(
    lengthsMs.map((ms, i) => ({ name: `p${i}`, for: ms })),
    workload && { workload },
  )

/** When a task of a healthy run starts in its phases, all users together: each answer takes about a second. */
function startsOf(workload: Workload, { warmUpMs, lengthMs }: Plan, seed = 1): readonly number[] {
  const source = new TaskSource(workload, seed)
  const starts: number[] = []
  for (const user of usersOf(workload)) {
    let t = -warmUpMs
    for (let n = 1; ; n++) {
      t += source.thinkMs(user, n, warmUpMs * 0.75)
      if (t >= lengthMs) break
      if (t >= 0) starts.push(t)
      t += 1_000
    }
  }
  return starts
}

/** Everyone's first tasks. */
function tasksOf(workload: Workload, each: number, seed = 1): readonly TaskInput[] {
  const source = new TaskSource(workload, seed)
  return usersOf(workload).flatMap(user => firstTasks(source, user, each))
}

const firstTasks = (source: TaskSource, user: User, count: number) =>
  Array.from({ length: count }, (_, i) => source.task(user, i + 1, `t${i + 1}`))

const userAt = (number: number, instance = 0): User => ({
  instance,
  number,
  name: `u${number + 1}`,
  tenant: 'tenant-1',
  session: 's',
})

const shareOf = (tasks: readonly TaskInput[], is: (task: TaskInput) => boolean) =>
  tasks.filter(is).length / tasks.length

test('60 users of one instance belong to 3 tenants in turn, each with a session of its own', () => {
  const users = usersOf(planWorkload(plan([hourMs])))

  expect(users).toHaveLength(60)
  expect(new Set(users.map(user => user.instance))).toEqual(new Set([0]))
  expect(new Set(users.map(user => user.session)).size).toBe(60)
  expect(new Set(users.map(user => user.name)).size).toBe(60)
  const tenants = Map.groupBy(users, user => user.tenant)
  expect([...tenants].map(([tenant, { length }]) => [tenant, length])).toEqual([
    ['tenant-1', 20],
    ['tenant-2', 20],
    ['tenant-3', 20],
  ])
})

test.each([5 * minuteMs, 20 * minuteMs, hourMs, 2 * hourMs, 12 * hourMs])(
  'about 2,000 tasks start in the phases of a healthy run of %i ms',
  lengthMs => {
    const laid = plan([lengthMs])
    const starts = startsOf(planWorkload(laid), laid)

    expect(starts.length).toBeGreaterThan(1_800)
    expect(starts.length).toBeLessThan(2_200)
  },
)

test('a real healthy run asks as often as planned', async () => {
  const result = await runScenario({
    scenario: scenario('{ name: quiet, for: 1h }'),
    integration: parrot,
  })

  const within = eventsOf(result, 'task-started').filter(({ t }) => t >= 0 && t < hourMs)
  expect(within.length).toBeGreaterThan(1_800)
  expect(within.length).toBeLessThan(2_200)
})

test('at least 20 tasks start in the shortest phase', () => {
  const laid = plan([3 * hourMs, minuteMs, 3 * hourMs])
  const shortest = laid.phases[1]
  const counts = Array.from({ length: 10 }, (_, i) => {
    const starts = startsOf(planWorkload(laid), laid, i + 1)
    return starts.filter(t => t >= (shortest?.startMs ?? 0) && t < (shortest?.endMs ?? 0)).length
  })

  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  expect(mean).toBeGreaterThan(17)
  expect(mean).toBeLessThan(23)
})

test('a very short phase in a very long scenario does not make more than about 20,000 tasks', () => {
  const laid = plan([24 * hourMs, 10_000])
  const starts = startsOf(planWorkload(laid), laid)

  expect(starts.length).toBeGreaterThan(18_000)
  expect(starts.length).toBeLessThan(22_000)
})

test('a task streams in every ten of a user, and not for all users at the same one', () => {
  const source = new TaskSource(planWorkload(plan([hourMs])), 1)
  const streaming = (user: number) =>
    firstTasks(source, userAt(user), 40).flatMap(({ stream }, i) => (stream ? [i + 1] : []))

  expect(streaming(0)).toEqual([10, 20, 30, 40])
  expect(streaming(3)).toEqual([7, 17, 27, 37])
  expect(new Set(Array.from({ length: 10 }, (_, user) => streaming(user)[0])).size).toBe(10)
})

test('about one task in ten is critical, whoever asks', () => {
  const tasks = tasksOf(planWorkload(plan([hourMs])), 40)

  expect(tasks).toHaveLength(2_400)
  expect(new Set(tasks.map(task => task.class))).toEqual(new Set(['normal', 'critical']))
  expect(shareOf(tasks, task => task.class === 'critical')).toBeCloseTo(0.1, 1)
  const users = new Set(tasks.filter(task => task.class === 'critical').map(task => task.user))
  expect(users.size).toBeGreaterThan(50)
})

test('all 50 questions are asked, each about as often', () => {
  const tasks = tasksOf(planWorkload(plan([hourMs])), 40)
  const counts = [...Map.groupBy(tasks, task => task.question).values()].map(({ length }) => length)

  expect(counts).toHaveLength(50)
  expect(Math.min(...counts)).toBeGreaterThan(20)
  expect(Math.max(...counts)).toBeLessThan(90)
})

test('each question of a pool is different, and opens with its mark', () => {
  const pool = questionPool(120)

  expect(new Set(pool.map(({ prompt }) => prompt.replace(/^\[.*?\] /, ''))).size).toBe(120)
  expect(pool.every(({ id, prompt }) => prompt.startsWith(`[q:${id}] `) && prompt.endsWith('?'))).toBe(true)
  expect(questionPool(50)).toEqual(pool.slice(0, 50))
})

test('a task is what its user is', () => {
  const [user] = usersOf(planWorkload(plan([hourMs]))).slice(4)
  if (!user) throw new Error('60 users were planned')

  const task = new TaskSource(planWorkload(plan([hourMs])), 1).task(user, 3, 't77')

  expect(task).toMatchObject({ id: 't77', user: 'u5', tenant: 'tenant-2', session: 's1-5' })
  expect(task.prompt).toContain(`[q:${task.question}]`)
})

test('more users ask more and do not think longer', () => {
  const laid = plan([hourMs])
  const [usual, twice] = [planWorkload(laid), planWorkload(laid, { users: 120 })]

  expect(twice.thinkMs).toBe(usual.thinkMs)
  expect(startsOf(twice, laid).length / startsOf(usual, laid).length).toBeCloseTo(2, 0)
})

test('another instance brings users of its own, who ask other things at other times', () => {
  const laid = plan([hourMs])
  const two = planWorkload(laid, { instances: 2 })
  const users = usersOf(two)

  expect(users).toHaveLength(120)
  expect(new Set(users.map(user => user.session)).size).toBe(120)
  expect(two.thinkMs).toBe(planWorkload(laid).thinkMs)
  const source = new TaskSource(two, 1)
  const questions = (instance: number) => firstTasks(source, userAt(0, instance), 20).map(task => task.question)
  expect(questions(0)).not.toEqual(questions(1))
  expect(source.thinkMs(userAt(0, 0), 2, 1)).not.toBe(source.thinkMs(userAt(0, 1), 2, 1))
})

test('the same seed draws the same tasks and thoughts, another seed others', () => {
  const workload = planWorkload(plan([hourMs]))
  const drawn = (seed: number) => {
    const source = new TaskSource(workload, seed)
    return [tasksOf(workload, 5, seed), usersOf(workload).map(user => source.thinkMs(user, 2, minuteMs))]
  }

  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)[0]).not.toEqual(drawn(8)[0])
  expect(drawn(7)[1]).not.toEqual(drawn(8)[1])
})

test('what a user asks, and when, does not depend on how many others there are or what was drawn before', () => {
  const few = new TaskSource(planWorkload(plan([hourMs]), { users: 5 }), 1)
  const many = new TaskSource(planWorkload(plan([hourMs]), { users: 500, instances: 3 }), 1)
  const user = userAt(4)

  for (let n = 30; n > 1; n--) many.task(userAt(n), n, 'other')
  const backwards = Array.from({ length: 20 }, (_, i) => many.task(user, 20 - i, `t${20 - i}`)).reverse()

  expect(backwards).toEqual(firstTasks(few, user, 20))
  for (const n of [1, 2, 9]) expect(many.thinkMs(user, n, minuteMs)).toBe(few.thinkMs(user, n, minuteMs))
})

test('the first question comes within the time it is given, the others after thoughts of the planned mean', () => {
  const workload = planWorkload(plan([hourMs]), { users: 400 })
  const source = new TaskSource(workload, 1)
  const first = usersOf(workload).map(user => source.thinkMs(user, 1, 90_000))
  const later = usersOf(workload).flatMap(user => [2, 3, 4, 5, 6].map(n => source.thinkMs(user, n, 90_000)))

  expect(Math.min(...first)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...first)).toBeLessThan(90_000)
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(80_000)
  const mean = later.reduce((sum, ms) => sum + ms, 0) / later.length
  expect(mean / workload.thinkMs).toBeCloseTo(1, 1)
  expect(later.every(ms => Number.isInteger(ms) && ms >= 0)).toBe(true)
})

test.each<[WorkloadSpec, Partial<Workload>]>([
  [{}, { users: 60, instances: 1, tenants: 3, questions: 50, streamingShare: 0.1, criticalShare: 0.1 }],
  [{ instances: 4 }, { instances: 4, users: 60 }],
  [{ tenants: 7 }, { tenants: 7 }],
  [{ questions: 12 }, { questions: 12 }],
  [{ streaming: 0.5 }, { streamingShare: 0.5 }],
  [{ critical: 0.25 }, { criticalShare: 0.25 }],
  [{ think: 4_000 }, { thinkMs: 4_000, users: 60 }],
  [{ think: 4_000, tasks: 10 }, { thinkMs: 4_000 }],
  [
    { streaming: 0, critical: 0 },
    { streamingShare: 0, criticalShare: 0 },
  ],
])("a scenario's workload %j is followed", (spec, expected) => {
  expect(planWorkload(plan([hourMs], spec))).toMatchObject(expected)
})

test.each<[WorkloadSpec, number]>([
  [{ tasks: 500 }, 500],
  [{ tasks: 30_000 }, 30_000],
  [{ users: 10 }, 2_000],
  [{ users: 300, tasks: 1_000 }, 1_000],
])("a scenario's workload %j makes about %i tasks", (spec, tasks) => {
  const laid = plan([2 * hourMs], spec)
  const workload = planWorkload(laid)
  const { length } = startsOf(workload, laid)

  expect(workload.users).toBe(spec.users ?? 60)
  expect(Math.abs(length - tasks)).toBeLessThan(tasks * 0.15)
})

test('what the caller says wins over the scenario', () => {
  const laid = plan([hourMs], { users: 10, instances: 2, think: 4_000 })

  expect(planWorkload(laid, { users: 3, instances: 1, thinkMs: 9_000 })).toMatchObject({
    users: 3,
    instances: 1,
    thinkMs: 9_000,
  })
  expect(planWorkload(laid, {})).toMatchObject({ users: 10, instances: 2, thinkMs: 4_000 })
})

test.each([
  [0, 0],
  [0.25, 0.25],
  [1, 1],
])('with a streaming share of %f that part of the tasks streams', (streaming, share) => {
  const tasks = tasksOf(planWorkload(plan([hourMs], { streaming })), 40)

  expect(shareOf(tasks, task => task.stream)).toBeCloseTo(share, 2)
})

test.each([
  [0, 0],
  [0.5, 0.5],
  [1, 1],
])('with a critical share of %f that part of the tasks is critical', (critical, share) => {
  const tasks = tasksOf(planWorkload(plan([hourMs], { critical })), 40)

  expect(shareOf(tasks, task => task.class === 'critical')).toBeCloseTo(share, 1)
})

test('a workload written in YAML reaches the run, and stands in its first line', async () => {
  const workload = '{ users: 8, tenants: 2, questions: 4, think: 5s, streaming: 50%, critical: 100% }'

  const result = await runScenario({
    scenario: `${scenario('{ name: quiet, for: 2m }')}workload: ${workload}\n`,
    integration: parrot,
  })

  expect(eventsOf(result, 'run-started')[0]?.workload).toEqual({
    users: 8,
    instances: 1,
    tenants: 2,
    questions: 4,
    thinkMs: 5_000,
    streamingShare: 0.5,
    criticalShare: 1,
  })
  const started = eventsOf(result, 'task-started')
  expect(new Set(started.map(event => event.user)).size).toBe(8)
  expect(new Set(started.map(event => event.tenant))).toEqual(new Set(['tenant-1', 'tenant-2']))
  expect(new Set(started.map(event => event.question))).toEqual(new Set(['q1', 'q2', 'q3', 'q4']))
  expect(new Set(started.map(event => event.class))).toEqual(new Set(['critical']))
  expect(started.filter(event => event.streaming).length / started.length).toBeCloseTo(0.5, 1)
})
