import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { questionPool } from '../../../src/workload/questions.ts'
import { planWorkload, TaskSource, usersOf } from '../../../src/workload/workload.ts'

const minuteMs = 60_000

function planOf(forMs: readonly number[], workload: Scenario['workload'] = {}) {
  const phases = forMs.map((ms, i) => ({ name: `p${i}`, for: ms }))
  return compilePlan({ blackstart: 1, id: 'x', provider: 'anthropic', phases, workload }, faults)
}

/** Tasks of a healthy run, roughly: think time and a second of answering. */
function tasksIn(lengthMs: number, { users, thinkMs }: { users: number; thinkMs: number }): number {
  return (users * lengthMs) / (thinkMs + 1_000)
}

test.each([20, 120, 24 * 60])('a healthy run of %i minutes makes about 2,000 tasks', minutes => {
  const lengthMs = minutes * minuteMs

  expect(tasksIn(lengthMs, planWorkload(planOf([lengthMs])))).toBeCloseTo(2_000, -2)
})

test('the shortest phase still has twenty tasks', () => {
  const workload = planWorkload(planOf([10 * 60 * minuteMs, 2 * minuteMs]))

  expect(tasksIn(2 * minuteMs, workload)).toBeGreaterThan(19)
})

test('more users ask more: they do not think longer', () => {
  const plan = planOf([60 * minuteMs])

  expect(planWorkload(plan, { users: 600 }).thinkMs).toBe(planWorkload(plan).thinkMs)
})

test("a scenario's own workload is taken over, and an override wins", () => {
  const plan = planOf([60 * minuteMs], { users: 7, think: 3_000, questions: 5, tenants: 2 })

  expect(planWorkload(plan)).toMatchObject({ users: 7, thinkMs: 3_000, questions: 5, tenants: 2, instances: 1 })
  expect(planWorkload(plan, { users: 9, instances: 3, thinkMs: 50 })).toMatchObject({
    users: 9,
    instances: 3,
    thinkMs: 50,
  })
})

test('questions differ, each with its mark', () => {
  const pool = questionPool(120)

  expect(new Set(pool.map(({ prompt }) => prompt.replace(/^\[.*?\] /, ''))).size).toBe(120)
  expect(pool.every(({ id, prompt }) => prompt.startsWith(`[q:${id}] `))).toBe(true)
})

test("a user's tasks depend on nobody else's, every tenth streams and about one in ten is critical", () => {
  const workload = planWorkload(planOf([60 * minuteMs]), { users: 20 })
  const alone = new TaskSource(workload, 1)
  const among = new TaskSource({ ...workload, instances: 4, users: 500 }, 1)
  const [user] = usersOf(workload)
  if (!user) throw new Error('no user')
  const tasks = Array.from({ length: 1_000 }, (_, i) => alone.task(user, i + 1, `t${i}`))

  expect(Array.from({ length: 1_000 }, (_, i) => among.task(user, i + 1, `t${i}`))).toEqual(tasks)
  expect(tasks.filter(({ stream }) => stream)).toHaveLength(100)
  expect(tasks.filter(task => task.class === 'critical').length).toBeGreaterThan(70)
  expect(tasks.filter(task => task.class === 'critical').length).toBeLessThan(130)
  expect(new Set(tasks.map(({ question }) => question)).size).toBe(50)
})

test('think times are exponential about their mean, the first within the given stretch', () => {
  const workload = planWorkload(planOf([60 * minuteMs]), { thinkMs: 10_000 })
  const source = new TaskSource(workload, 1)
  const [user] = usersOf(workload)
  if (!user) throw new Error('no user')
  const thinks = Array.from({ length: 4_000 }, (_, i) => source.thinkMs(user, i + 2, 90_000))

  const mean = thinks.reduce((sum, ms) => sum + ms, 0) / thinks.length
  expect(mean).toBeGreaterThan(9_300)
  expect(mean).toBeLessThan(10_700)
  expect(thinks.filter(ms => ms > 10_000).length / thinks.length).toBeCloseTo(Math.exp(-1), 1)
  for (const one of usersOf(workload)) expect(source.thinkMs(one, 1, 90_000)).toBeLessThan(90_000)
})
